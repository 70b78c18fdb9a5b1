package io.leprechaun.daemon.http;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/** HTTP/1.1 with a limit on the fields of a head: a field of four bytes takes more than a hundred in memory. */
final class BoundedHeads extends HttpConnectionFactory {
    private static final int FIELDS = 100;

    BoundedHeads(HttpConfiguration configuration) {
        super(configuration);
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
                    super.parsedHeader(field);
                }
            };
        }
    }
}
