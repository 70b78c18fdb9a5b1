package io.leprechaun.daemon.session;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The search for the user at the other end of a TCP connection of this host, in the kernel's tables of sockets. Within
 * another network name space, and on another host, the user is not known. Immutable.
 */
public final class PeerUid {
    private static final Path TABLES = Path.of("/proc/net");

    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int UID = 7;
    private static final int INODE = 9;
    /** The beginning of an IPv6 address that stands for an IPv4 address, as the kernel writes it. */
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

    private final Path tables;

    /** Creates a search in the tables of this process's network. */
    public PeerUid() {
        this(TABLES);
    }

    PeerUid(Path tables) {
        this.tables = tables;
    }

    /**
     * Returns the user that opened a connection.
     *
     * @param client the address and port of the other end
     * @param server the address and port of this end
     */
    public Peer of(InetSocketAddress client, InetSocketAddress server) {
        if (client.getAddress() == null || server.getAddress() == null) {
            return Peer.UNKNOWN;
        }
        boolean old = client.getAddress() instanceof Inet4Address;
        return (old ? find("tcp", client, server, false) : Optional.<Peer>empty())
                .or(() -> find("tcp6", client, server, true))
                .orElse(Peer.UNKNOWN);
    }

    private Optional<Peer> find(String table, InetSocketAddress client, InetSocketAddress server, boolean wide) {
        String local = written(client, wide);
        String remote = written(server, wide);
        try (var lines = Files.lines(tables.resolve(table), StandardCharsets.US_ASCII)) {
            return lines.map(line -> List.of(line.strip().split("\\s+")))
                    .filter(words -> words.size() > INODE
                            && words.get(LOCAL).equals(local)
                            && words.get(REMOTE).equals(remote))
                    // A socket that its process has closed has no inode, and is listed as the one of root.
                    .filter(words -> !words.get(INODE).equals("0"))
                    .map(words -> new Peer(words.get(UID)))
                    .findFirst();
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // no such table in this kernel, or in this container
        }
    }

    /** Returns an address and port as the kernel writes them: by words of 32 bits in the order of the machine. */
    private static String written(InetSocketAddress address, boolean wide) {
        var bytes = ByteBuffer.wrap(bytes(address.getAddress(), wide)).order(ByteOrder.nativeOrder());
        var text = new StringBuilder();
        while (bytes.hasRemaining()) {
            text.append(String.format(Locale.ROOT, "%08X", bytes.getInt()));
        }
        return text.append(String.format(Locale.ROOT, ":%04X", address.getPort()))
                .toString();
    }

    private static byte[] bytes(InetAddress address, boolean wide) {
        byte[] bytes = address.getAddress();
        if (!wide || bytes.length > 4) {
            return bytes;
        }
        return ByteBuffer.allocate(16).put(MAPPED).put(bytes).array();
    }
}
