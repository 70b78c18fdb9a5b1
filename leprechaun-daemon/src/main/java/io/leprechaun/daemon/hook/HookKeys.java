package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.units.Network;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The keys of a recipe's {@code hook:}, and their reader. */
public final class HookKeys {
    /** All keys of {@code hook:}. */
    public static final KeyTable<HookPolicy> TABLE = new KeyTable<>();

    private static final KeyTable<Parameter> PARAMETERS = new KeyTable<>();

    private static final int MOST_PARAMETERS = 64;

    static {
        PARAMETERS.add(source("json", Types.ref("text"), "A place in the JSON body, such as `commits.0.id`."));
        PARAMETERS.add(source("form", Types.ref("text"), "A field of a form."));
        PARAMETERS.add(source("query", Types.ref("text"), "A parameter of the address."));
        PARAMETERS.add(source("header", Types.ref("headerName"), "A header."));
    }

    private static final Key<Integer> MAX = PARAMETERS.add(Key.of("max", Types.integer(1, Parameter.LONGEST))
            .says("The largest length of the value, in bytes of UTF-8.")
            .usually(4096));
    private static final Key<Boolean> REQUIRED = PARAMETERS.add(Key.of("required", Types.flag())
            .says("`true`: a request without the value is refused with 400.")
            .usually(false));

    private static final Key<MappingReader> AUTH = TABLE.add(Key.of("auth", AuthKeys.section())
            .says("The proof that a sender has a secret.")
            .unless("none; the id is enough"));
    private static final Key<List<Method>> METHODS =
            TABLE.add(Key.of("methods", Type.list(HookKeys::method, HookKeys::methods))
                    .says("The accepted HTTP methods; `GET` is an error with `auth`.")
                    .unless("both; with `auth` only `POST`"));
    private static final Key<List<Network>> ALLOW_FROM = TABLE.add(Key.of(
                    "allow_from", Type.listed((fields, key) -> fields.list(key, Network::parse), HookKeys::networks))
            .says("Addresses and ranges of allowed senders.")
            .unless("all addresses")
            .example("10.0.0.0/8"));
    private static final Key<List<Rule>> RULES = TABLE.add(Key.of(
                    "rules",
                    Type.listed(
                            Rule::rules,
                            () -> Shape.of(Types.ref("rule"), "a rule").listed()))
            .says("Conditions for a request; each rule must be met.")
            .unless("none")
            .example("{ header: X-GitHub-Event, match: push }"));
    private static final Key<Integer> ACCEPTED = TABLE.add(Key.of("accepted", Types.integer(200, 203))
            .says("The status for an accepted request; some services accept only 200 as success.")
            .usually(HookPolicy.USUAL.accepted()));
    private static final Key<Integer> OTHERWISE = TABLE.add(Key.of("otherwise", Types.integer(200, 599))
            .says("The status for a request that does not meet the rules; the record is `skipped` and names the rule.")
            .usually(HookPolicy.USUAL.otherwise()));
    private static final Key<MappingReader> PARAMS = TABLE.add(Key.of(
                    "params",
                    Types.section(
                            "{\"type\": [\"object\", \"null\"], \"propertyNames\": {\"pattern\":"
                                    + " \"^[A-Za-z_][A-Za-z0-9_]*$\"}, \"additionalProperties\": "
                                    + Types.ref("parameter") + "}",
                            () -> PARAMETERS))
            .says("Values that the steps see as LEPRECHAUN_PARAM_NAME, and their places in the request.")
            .unless("none")
            .example("{ branch: { json: ref, max: 200 } }"));
    private static final Key<Long> BODY_LIMIT = TABLE.add(Key.of("body_limit", Types.size(0, HookPolicy.LARGEST_BODY))
            .says("The largest body that is accepted.")
            .usually((long) HookPolicy.USUAL.bodyLimit()));
    private static final Key<Optional<Duration>> DEDUPE =
            TABLE.add(Key.of("dedupe", Types.durationOrNone(Duration.ofSeconds(1), HookPolicy.LONGEST_MEMORY))
                    .says("Time within which a repeated delivery starts no second run, see [replays](#replays).")
                    .usually(HookPolicy.USUAL.dedupe()));
    private static final Key<Duration> WAIT =
            TABLE.add(Key.of("wait", Types.duration(Duration.ZERO, HookPolicy.LONGEST_WAIT))
                    .says("Time for which a sender waits for the outcome, unless the request sets another.")
                    .unless("not at all"));
    private static final Key<String> COALESCE = TABLE.add(Key.of("coalesce", Types.text())
            .says("A parameter; of the waiting runs with the same value, the newest stays and the others end as"
                    + " `skipped`.")
            .unless("all runs stay")
            .example("branch"));

    /** The methods of HTTP that a hook may take. */
    private enum Method {
        GET,
        POST
    }

    private HookKeys() {}

    /** Reads a section and notes errors in it. */
    public static HookPolicy read(MappingReader fields) {
        HookPolicy usual = HookPolicy.USUAL;
        Optional<Auth> auth = AUTH.read(fields).flatMap(Auth::read);
        List<Parameter> parameters =
                PARAMS.read(fields).map(HookKeys::parameters).orElse(List.of());
        var policy = new HookPolicy(
                methods(fields),
                auth,
                ALLOW_FROM.or(fields, usual.from()),
                rule(fields),
                ACCEPTED.value(fields),
                OTHERWISE.value(fields),
                Math.toIntExact(BODY_LIMIT.value(fields)),
                DEDUPE.value(fields),
                WAIT.read(fields),
                parameters,
                coalesce(fields, parameters));
        fields.done();
        return policy;
    }

    /** Returns the methods. A sender that has to know a secret uses POST, which no log and no browser history keeps. */
    private static Set<String> methods(MappingReader fields) {
        List<String> named =
                METHODS.or(fields, List.of()).stream().map(Method::name).toList();
        boolean guarded = fields.has("auth");
        if (guarded && named.contains("GET")) {
            fields.wrong("methods", "with `auth` only POST is allowed; remove GET");
        }
        if (named.isEmpty()) {
            return guarded ? Set.of("POST") : HookPolicy.USUAL.methods();
        }
        return new HashSet<>(named);
    }

    private static Optional<Rule> rule(MappingReader fields) {
        List<Rule> rules = RULES.or(fields, List.of());
        return switch (rules.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(rules.getFirst());
            default -> Optional.of(new Rule.All(rules));
        };
    }

    private static List<Parameter> parameters(MappingReader fields) {
        var parameters = new ArrayList<Parameter>();
        var variables = new HashSet<String>();
        for (String name : fields.keys()) {
            Optional<Parameter> parameter = fields.section(name).flatMap(section -> parameter(name, section));
            if (!Parameter.isName(name)) {
                fields.wrong(
                        name,
                        "invalid parameter name '" + name + "': use letters, digits and _, without a digit first");
            } else if (!variables.add(Parameter.variable(name))) {
                fields.wrong(
                        name,
                        "duplicate variable LEPRECHAUN_PARAM_" + Parameter.variable(name) + "; rename one of the"
                                + " parameters");
            } else {
                parameter.ifPresent(parameters::add);
            }
        }
        if (fields.keys().size() > MOST_PARAMETERS) {
            fields.wrong("more than " + MOST_PARAMETERS + " parameters; read the others from the file of the body");
        }
        return parameters;
    }

    private static Optional<Parameter> parameter(String name, MappingReader fields) {
        int max = MAX.value(fields);
        boolean required = REQUIRED.value(fields);
        Optional<Source> source = Source.read(fields);
        fields.done();
        return source.map(from -> new Parameter(name, from, max, required));
    }

    private static Optional<String> coalesce(MappingReader fields, List<Parameter> parameters) {
        return fields.read(COALESCE.name(), name -> {
            if (parameters.stream().noneMatch(parameter -> parameter.name().equals(name))) {
                throw new IllegalArgumentException("unknown parameter '" + name + "'; use one of `params`");
            }
            return Parameter.variable(name);
        });
    }

    private static Key<Value> source(String name, String schema, String description) {
        return Key.of(name, Type.asItStands(() -> Shape.of(schema, "text"))).says(description);
    }

    private static Method method(String text) {
        return MappingReader.oneOf(text.toLowerCase(Locale.ROOT), Method.class);
    }

    private static Shape methods() {
        List<String> words = Stream.of(Method.values()).map(Method::name).toList();
        List<String> small = Types.words(Method.class);
        String all = Types.oneOf(Stream.concat(words.stream(), small.stream()).toList())
                .schema();
        return Shape.of(all, Types.oneOf(words).values());
    }

    private static Shape networks() {
        return Shape.of(Types.ref("networks"), "addresses and ranges");
    }
}
