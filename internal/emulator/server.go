package emulator

import (
	"context"
	"net"
	"net/http"
	"time"
)

// A Server is a service that listens on a loopback port, for tests.
type Server struct {
	*Service
	server   *http.Server
	listener net.Listener
}

// NewServer makes a service and starts it on a free loopback port.
func NewServer(options Options) (*Server, error) {
	service, err := New(options)
	if err != nil {
		return nil, err
	}
	return service.Listen(context.Background(), "127.0.0.1:0")
}

// Listen starts the service on an address. Port 0 takes a free one. ctx only
// bounds the starting.
func (s *Service) Listen(ctx context.Context, address string) (*Server, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	server := &Server{
		Service:  s,
		listener: listener,
		server:   &http.Server{Handler: s, ReadHeaderTimeout: 30 * time.Second},
	}
	go func() { _ = server.server.Serve(listener) }()
	return server, nil
}

// URL is the base address, without a path.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Close stops listening and cuts what is still connected.
func (s *Server) Close() { _ = s.server.Close() }

// Shutdown stops listening and lets calls that are under way end.
func (s *Server) Shutdown(ctx context.Context) error { return s.server.Shutdown(ctx) }
