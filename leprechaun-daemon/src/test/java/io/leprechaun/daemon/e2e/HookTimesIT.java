package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** The time of an answer does not reveal a secret. {@code -Dleprechaun.samples} are taken of each kind. */
@Tag("proof")
@Timeout(180)
@Isolated("it measures")
class HookTimesIT extends HookListenerFixture {
    private static final int SAMPLES = Integer.getInteger("leprechaun.samples", 500);

    HookTimesIT() {
        super(new Installation());
    }

    /**
     * By turns, over one connection, with a body large enough that a signature of it takes its time. Two series of the
     * same request are compared with each other, too: their difference is due to the machine.
     */
    @Test
    void how_long_a_refusal_takes_does_not_tell_whether_there_is_such_a_hook() throws Exception {
        var daemon = place.recipe("hook", HOOK + "hook: { auth: { scheme: github, secret: { value: s3cret } } }\n")
                .start();
        byte[][] requests = {forged("nobody"), forged("knock"), forged("nobody")};
        long[][] took = new long[requests.length][SAMPLES];
        try (var socket = new Socket("127.0.0.1", daemon.port())) {
            socket.setTcpNoDelay(true);
            for (int i = 0; i < 2_000; i++) {
                refused(socket, requests[i % requests.length]);
            }
            for (int i = 0; i < SAMPLES; i++) {
                for (int j = 0; j < requests.length; j++) {
                    int turn = (i + j) % requests.length;
                    took[turn][i] = refused(socket, requests[turn]);
                }
            }
        }
        Arrays.stream(took).forEach(Arrays::sort);
        double apart = welch(took[0], took[1]);
        double same = welch(took[0], took[2]);
        System.err.printf(
                "HookTimesIT: %d refusals each: %d us of an unknown hook, %d us of a forged signature (medians), t ="
                        + " %.1f; of the unknown hook twice, t = %.1f%n",
                SAMPLES, took[0][SAMPLES / 2] / 1000, took[1][SAMPLES / 2] / 1000, apart, same);
        assertThat(Math.abs(apart)).isLessThan(5 + 3 * Math.abs(same));
    }

    private static byte[] forged(String id) {
        String body = "x".repeat(60_000);
        return ("POST /hook?id=" + id + " HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: sha256=" + "0".repeat(64)
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static long refused(Socket socket, byte[] request) throws IOException {
        long begun = System.nanoTime();
        socket.getOutputStream().write(request);
        byte[] answer = new byte[4096];
        int got = socket.getInputStream().read(answer);
        long took = System.nanoTime() - begun;
        assertThat(new String(answer, 0, got, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 40");
        return took;
    }

    /** Returns Welch's t of the faster nine of ten: other work of the machine does not count. */
    private static double welch(long[] one, long[] other) {
        double[] a = faster(one);
        double[] b = faster(other);
        return (a[0] - b[0]) / Math.sqrt(a[1] + b[1]);
    }

    /** The mean, and its variance. */
    private static double[] faster(long[] sorted) {
        int n = sorted.length * 9 / 10;
        double mean = Arrays.stream(sorted, 0, n).average().orElseThrow();
        double variance = Arrays.stream(sorted, 0, n)
                        .mapToDouble(value -> (value - mean) * (value - mean))
                        .sum()
                / (n - 1);
        return new double[] {mean, variance / n};
    }
}
