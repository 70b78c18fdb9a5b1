package io.leprechaun.daemon.http.port;

import io.leprechaun.daemon.settings.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The renewal of a certificate and its key when their files have changed: programs that renew them cannot notify the
 * daemon. New connections get the new ones. Not thread-safe.
 */
final class TlsRenewal {
    private static final Logger LOG = LoggerFactory.getLogger(TlsRenewal.class);

    private final TlsFiles files;
    private final SslContextFactory.Server context = new SslContextFactory.Server();
    private List<Object> seen;

    /** @throws IOException when the files cannot be used; the message names the remedy */
    TlsRenewal(TlsFiles files) throws IOException {
        this.files = files;
        this.seen = look();
        context.setKeyStore(PemKeys.read(files));
        context.setKeyStorePassword("");
        context.setRenegotiationAllowed(false);
    }

    SslContextFactory.Server context() {
        return context;
    }

    /**
     * Reads the files if they have changed. Unusable files are logged once, and the previous certificate stays in
     * force.
     */
    void check() {
        try {
            List<Object> now = look();
            if (now.equals(seen)) {
                return;
            }
            seen = now;
            var keys = PemKeys.read(files);
            context.reload(changed -> changed.setKeyStore(keys));
            LOG.info("using the certificate in {}", files.certificate());
        } catch (Exception e) { // what Jetty declares
            LOG.error("still using the earlier certificate: {}", e.getMessage());
        }
    }

    private List<Object> look() throws IOException {
        return List.of(look(files.certificate()), look(files.key()));
    }

    private static List<Object> look(Path file) throws IOException {
        return Files.exists(file)
                ? List.of(Files.getLastModifiedTime(file), Files.size(file), file.toRealPath())
                : List.of(file);
    }
}
