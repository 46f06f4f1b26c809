package clarifai

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
)

// proxyError is the error of a proxy that rejects a connection.
type proxyError struct {
	proxy  string // without credentials
	status int
	text   string
}

func (p *proxyError) Error() string {
	return fmt.Sprintf("the proxy %s rejected the connection: %s", p.proxy, p.text)
}

// reportProxy keeps the response of a proxy to CONNECT, of which net/http reports only the text.
func reportProxy(_ context.Context, proxy *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{proxy: proxy.Host, status: response.StatusCode, text: response.Status}
}

const (
	hintReachable = "Check that base_url (or CLARIFAI_API_BASE) is the address of the Clarifai API and that this machine can reach it, " +
		"directly or through a proxy (HTTPS_PROXY)."
	hintCertificate = "If a proxy or firewall inspects TLS, add its certificate authority to the certificates that this machine trusts " +
		"(on Linux, SSL_CERT_FILE names a file of them). Otherwise check base_url (or CLARIFAI_API_BASE)."
	hintPlainHTTP = "The address responds without TLS. Check base_url (or CLARIFAI_API_BASE), its port, and HTTPS_PROXY."
	hintProxy     = "Check the environment variables HTTPS_PROXY and NO_PROXY, and that the proxy is running and allows " +
		"connections to this host."
	hintProxyAuth = "The proxy wants a user name and password. Put them into HTTPS_PROXY (http://user:password@host:port), " +
		"or name this host in NO_PROXY."
)

// connectionFailure explains why there is no response. It marks failures that another attempt cannot change as permanent. It
// counts the request as sent unless it certainly was not.
func connectionFailure(err error, trace *connectTrace, host string) *Error {
	cause := &transportError{err: stripURL(err), sent: !isDialError(err) && !trace.unsent()}
	failure := &Error{Err: cause}
	if !cause.sent {
		failure.Hint = hintReachable
	}
	var content *ContentError
	var dns *net.DNSError
	var proxy *proxyError
	var op *net.OpError
	switch {
	case errors.As(err, &content):
		cause.permanent = true
	case isCertificateError(err):
		cause.err = fmt.Errorf("the certificate of %s is not trusted: %w", host, cause.err)
		cause.sent, cause.permanent, failure.Hint = false, true, hintCertificate
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, new(tls.RecordHeaderError)):
		cause.sent, cause.permanent, failure.Hint = false, true, hintPlainHTTP
	case errors.As(err, &proxy):
		cause.sent, failure.Hint = false, hintProxy
		cause.permanent = proxy.status < http.StatusInternalServerError
		if proxy.status == http.StatusProxyAuthRequired {
			failure.Hint = hintProxyAuth
		}
	case errors.As(err, &op) && op.Op == "proxyconnect":
		cause.err = fmt.Errorf("the proxy cannot be reached: %w", cause.err)
		cause.sent, cause.permanent, failure.Hint = false, true, hintProxy
	case errors.As(err, &dns) && dns.IsNotFound:
		cause.permanent = true
	}
	return failure
}

func isCertificateError(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid)
}
