package io.leprechaun.api;

import java.util.List;

/** A service that offers named handlers to the API, an agent for example. */
public interface Registrator {
    /** Returns the first word of its commands, which is the first segment of its routes; unique among the services. */
    String name();

    /** Returns all handlers of the service. */
    List<Handler> handlers();
}
