package io.leprechaun.api;

import java.util.List;

/** Offers named handlers to the API: what makes an agent a service that can be asked. */
public interface Registrator {
    /** The first word of each of its commands and the first segment of each of its routes; unique among the services. */
    String name();

    /** Everything it answers. */
    List<Handler> handlers();
}
