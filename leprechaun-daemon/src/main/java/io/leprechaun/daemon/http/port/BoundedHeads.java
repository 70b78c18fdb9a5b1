package io.leprechaun.daemon.http.port;

import java.util.Optional;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * HTTP/1.1 with a limit on the fields of a head: a field of four bytes takes more than a hundred in memory. A body with
 * a transfer encoding other than chunked is refused (RFC 9112, 6.1), since the daemon does not decode it.
 */
public final class BoundedHeads extends HttpConnectionFactory {
    private static final int FIELDS = 100;
    private static final String CHUNKED = HttpHeaderValue.CHUNKED.asString();

    public BoundedHeads(HttpConfiguration configuration) {
        super(configuration);
    }

    /**
     * Returns the configuration of a listener.
     *
     * @param head the longest head of a request, in bytes
     */
    public static HttpConfiguration configuration(int head) {
        var configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        configuration.setRequestHeaderSize(head);
        return configuration;
    }

    /** Returns the reason for the refusal of a request before it reached a handler; empty where it is unknown. */
    public static Optional<String> reason(Request request, int status) {
        if (status == HttpStatus.NOT_IMPLEMENTED_501) {
            return Optional.of("unsupported transfer encoding: use chunked, or send the body as it is");
        }
        String path = request.getHttpURI().getPath();
        return status == HttpStatus.BAD_REQUEST_400 && path != null && path.contains("//")
                ? Optional.of("the path has an empty part (//)")
                : Optional.empty();
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        var connection = new BoundedConnection(getHttpConfiguration(), connector, endPoint);
        connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
        return configure(connection, connector, endPoint);
    }

    private static final class BoundedConnection extends HttpConnection {
        BoundedConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
            super(configuration, connector, endPoint);
        }

        @Override
        protected RequestHandler newRequestHandler() {
            return new RequestHandler() {
                private int fields;

                @Override
                public void startRequest(String method, String uri, HttpVersion version) {
                    fields = 0;
                    super.startRequest(method, uri, version);
                }

                @Override
                public void parsedHeader(HttpField field) {
                    if (++fields > FIELDS) {
                        throw new HttpException.RuntimeException(
                                HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431, "more than " + FIELDS + " fields");
                    }
                    if (field.getHeader() == HttpHeader.TRANSFER_ENCODING
                            && !CHUNKED.equalsIgnoreCase(field.getValue())) {
                        throw new HttpException.RuntimeException(HttpStatus.NOT_IMPLEMENTED_501, "an encoding");
                    }
                    super.parsedHeader(field);
                }
            };
        }
    }
}
