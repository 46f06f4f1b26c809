package apiserver

import (
	"context"
	"net"
	"net/http"
	"time"
)

// A Server listens on an address.
type Server struct {
	server   *http.Server
	listener net.Listener
}

// Listen starts to serve on an address. Port 0 selects a free port. ctx only
// limits the start.
func Listen(ctx context.Context, handler http.Handler, address string) (*Server, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	s := &Server{
		listener: listener,
		server:   &http.Server{Handler: handler, ReadHeaderTimeout: 30 * time.Second},
	}
	go func() { _ = s.server.Serve(listener) }()
	return s, nil
}

// URL returns the base address, without a path.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Close stops listening and closes open connections.
func (s *Server) Close() { _ = s.server.Close() }

// Shutdown stops listening and waits until requests in progress end.
func (s *Server) Shutdown(ctx context.Context) error { return s.server.Shutdown(ctx) }
