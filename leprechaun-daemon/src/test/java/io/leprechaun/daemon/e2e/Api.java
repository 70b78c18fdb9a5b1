package io.leprechaun.daemon.e2e;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** A client with HTTP written by hand over the daemon's Unix socket. */
record Api(Path socket) {
    /** An answer; its header is as it came. */
    record Answer(int status, String head, String body) {
        Optional<String> header(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }
    }

    /** Sends a request without a body and reads the whole answer; JSON is wanted. */
    Answer send(String method, String target) throws IOException {
        return raw(method + " " + target + " HTTP/1.0\r\nHost: localhost\r\nAccept: application/json\r\n\r\n");
    }

    Answer raw(String request) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            Channels.newOutputStream(channel).write(request.getBytes(StandardCharsets.UTF_8));
            String all = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            int end = all.indexOf("\r\n\r\n");
            if (end < 0) {
                throw new EOFException("the daemon ended before it had answered: '" + all + "'");
            }
            String head = all.substring(0, end);
            return new Answer(Integer.parseInt(head.substring(9, 12)), head, all.substring(end + 4));
        }
    }
}
