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
 * What a recipe wants of the hooks that trigger it.
 *
 * @param methods of HTTP that it takes; never empty
 * @param auth who may send; empty: everybody who knows the id
 * @param from where senders may be; empty: anywhere
 * @param rule what a delivery has to be; empty: anything
 * @param accepted the status of HTTP for a delivery that was accepted
 * @param otherwise the status of HTTP for a delivery that is not so
 * @param bodyLimit how long a body may be, in bytes
 * @param dedupe for how long a delivery is known again; empty: never
 * @param patience how long a sender waits for the outcome that does not say; empty: not at all
 * @param parameters what of a delivery the steps get
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
    /** How long a body may be where nothing else is said, in bytes. */
    public static final int USUAL_BODY = 1024 * 1024;
    /** How long a body may be at most, in bytes. */
    public static final int LARGEST_BODY = 8 * 1024 * 1024;
    /** How long a sender may wait at most. */
    public static final Duration LONGEST_WAIT = Duration.ofHours(1);
    /** For how long a delivery is known again at most. */
    public static final Duration LONGEST_MEMORY = Duration.ofDays(30);

    /** For how long a delivery is known again where nothing else is said: GitHub lets people send one again for three days. */
    static final Duration MEMORY = Duration.ofDays(3);

    /** What holds where a recipe says nothing. */
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

    /** What nobody can meet. */
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

    /** Every path of the body as JSON that is looked at. */
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
