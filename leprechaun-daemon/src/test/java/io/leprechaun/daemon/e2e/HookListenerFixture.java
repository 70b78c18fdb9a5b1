package io.leprechaun.daemon.e2e;

import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The base of the tests of the hook listener. */
abstract class HookListenerFixture {
    static final String HOOK = "definition: hook\nid: knock\noverlap: parallel\nsteps: [ 'true' ]\n";

    @RegisterExtension
    final Installation place;

    HookListenerFixture(Installation place) {
        this.place = place;
    }

    static boolean isOpen(Socket socket) {
        try {
            return socket.getInputStream().read(new byte[4096]) >= 0;
        } catch (java.net.SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
