package io.leprechaun.daemon;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The sender of hooks to a daemon that records its classes for an AOT cache: later, the first hook waits for no class.
 * Run by {@code make-caches}, which writes the recipes.
 */
public final class HookTraining {
    private static final String ALGORITHM = "HmacSHA256";

    private HookTraining() {}

    /**
     * Sends a hook with a body, and one with JSON and a signature of GitHub.
     *
     * @param args the address of the listener, such as {@code 127.0.0.1:7749}, and the secret of the second hook
     * @throws IOException when a run of them does not succeed
     * @throws GeneralSecurityException when the runtime cannot sign
     */
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        byte[] json = "{\"ref\": \"refs/heads/main\"}".getBytes(StandardCharsets.UTF_8);
        var mac = Mac.getInstance(ALGORITHM);
        mac.init(new SecretKeySpec(args[1].getBytes(StandardCharsets.UTF_8), ALGORITHM));
        String signature = "sha256=" + HexFormat.of().formatHex(mac.doFinal(json));
        send(args[0], "trained-by-a-hook", json, Map.of());
        send(args[0], "trained-by-a-signature", json, Map.of("X-Hub-Signature-256", signature));
    }

    private static void send(String address, String id, byte[] body, Map<String, String> headers) throws IOException {
        var url = URI.create("http://" + address + "/hook?wait=60s&id=" + id).toURL();
        var connection = (HttpURLConnection) url.openConnection();
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        headers.forEach(connection::setRequestProperty);
        connection.getOutputStream().write(body);
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("hook " + id + ": status " + connection.getResponseCode());
        }
    }
}
