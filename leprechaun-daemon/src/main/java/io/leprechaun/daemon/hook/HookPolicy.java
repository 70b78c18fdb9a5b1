package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.secret.Secret;
import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.units.Network;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The conditions of a recipe for the hooks that trigger it, and its answers to them.
 *
 * @param methods the methods of HTTP that it accepts; never empty
 * @param auth the proof that senders give; empty: every sender that knows the id is accepted
 * @param from the networks that may send; empty: any
 * @param rule the rule for deliveries; empty: any delivery is accepted
 * @param accepted the HTTP status for an accepted delivery
 * @param otherwise the HTTP status for a delivery that does not meet the rule
 * @param bodyLimit the largest body, in bytes
 * @param dedupe the time for which a repeated delivery is recognised; empty: never
 * @param patience the time that a sender waits for the outcome where the request does not set one; empty: not at all
 * @param parameters the values of a delivery that the steps get
 * @param coalesce the variable of a parameter: of the runs that wait with the same value the newest stays
 */
public record HookPolicy(
        Set<String> methods,
        Optional<Auth> auth,
        List<Network> from,
        Optional<Rule> rule,
        int accepted,
        int otherwise,
        int bodyLimit,
        Optional<Duration> dedupe,
        Optional<Duration> patience,
        List<Parameter> parameters,
        Optional<String> coalesce) {
    /** The default limit of a body, in bytes. */
    public static final int USUAL_BODY = 1024 * 1024;
    /** The largest limit of a body, in bytes. */
    public static final int LARGEST_BODY = 8 * 1024 * 1024;
    /** The longest time that a sender may wait. */
    public static final Duration LONGEST_WAIT = Duration.ofHours(1);
    /** The longest time for which a repeated delivery is recognised. */
    public static final Duration LONGEST_MEMORY = Duration.ofDays(30);

    /**
     * The default time for which a repeated delivery is recognised: on GitHub a delivery can be sent again for three
     * days.
     */
    static final Duration MEMORY = Duration.ofDays(3);

    /** The policy of a recipe that sets nothing. */
    public static final HookPolicy USUAL = new HookPolicy(
            Set.of("GET", "POST"),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            202,
            200,
            USUAL_BODY,
            Optional.of(MEMORY),
            Optional.empty(),
            List.of(),
            Optional.empty());

    /** The policy that no delivery can meet. */
    static final HookPolicy NOBODYS = new HookPolicy(
            Set.of("POST"),
            Optional.of(new Auth(
                    Scheme.Signature.GITHUB,
                    List.of(new SecretSource.Inline(new Secret(UUID.randomUUID().toString()))))),
            List.of(),
            Optional.empty(),
            202,
            200,
            USUAL_BODY,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty());

    public HookPolicy {
        methods = Set.copyOf(methods);
        from = List.copyOf(from);
        parameters = List.copyOf(parameters);
    }

    /** Returns every path of the body as JSON that is read. */
    Set<String> jsonPaths() {
        var sources = Stream.concat(
                rule.stream().flatMap(Rule::sources), parameters.stream().map(Parameter::source));
        var paths = sources.filter(Source.JsonField.class::isInstance)
                .map(source -> ((Source.JsonField) source).path())
                .collect(Collectors.toCollection(HashSet::new));
        if (auth.filter(known -> known.scheme() instanceof Scheme.Stripe).isPresent()) {
            paths.add(DeliveryId.STRIPE.path());
        }
        return paths;
    }
}
