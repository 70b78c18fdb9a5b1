package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.units.Network;
import io.leprechaun.daemon.yaml.MappingReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads a recipe's {@code hook:}. */
public final class HookReader {
    private static final int USUAL_LENGTH = 4096;
    private static final int MOST_PARAMETERS = 64;

    private HookReader() {}

    /** What hooks may be. */
    private enum Method {
        GET,
        POST
    }

    /** What a section says; what is wrong with it is noted. */
    public static HookPolicy read(MappingReader fields) {
        HookPolicy usual = HookPolicy.USUAL;
        Optional<Auth> auth = fields.section("auth").flatMap(Auth::read);
        List<Parameter> parameters =
                fields.section("params").map(HookReader::parameters).orElse(List.of());
        var policy = new HookPolicy(
                methods(fields),
                auth,
                fields.list("allow_from", Network::parse),
                rule(fields),
                fields.integer("accepted", 200, 203).orElse(usual.accepted()),
                fields.integer("otherwise", 200, 599).orElse(usual.otherwise()),
                Math.toIntExact(
                        fields.size("body_limit", 0, HookPolicy.LARGEST_BODY).orElse((long) usual.bodyLimit())),
                dedupe(fields),
                fields.duration("wait", Duration.ZERO, HookPolicy.LONGEST_WAIT),
                parameters,
                coalesce(fields, parameters));
        fields.done();
        return policy;
    }

    /** Who has to know a secret sends it where no log and no history of a browser keeps it. */
    private static Set<String> methods(MappingReader fields) {
        List<String> named = fields.list(
                "methods",
                text -> MappingReader.oneOf(text.toLowerCase(Locale.ROOT), Method.class)
                        .name());
        boolean guarded = fields.has("auth");
        if (guarded && named.contains("GET")) {
            fields.wrong("methods", "with `auth` only POST is taken; remove GET");
        }
        if (named.isEmpty()) {
            return guarded ? Set.of("POST") : HookPolicy.USUAL.methods();
        }
        return new HashSet<>(named);
    }

    private static Optional<Rule> rule(MappingReader fields) {
        List<Rule> rules = Rule.rules(fields, "rules");
        return switch (rules.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(rules.getFirst());
            default -> Optional.of(new Rule.All(rules));
        };
    }

    private static Optional<Duration> dedupe(MappingReader fields) {
        if (!fields.has("dedupe")) {
            return HookPolicy.USUAL.dedupe();
        }
        return fields.read(
                        "dedupe",
                        text -> text.equals("none")
                                ? Optional.<Duration>empty()
                                : Optional.of(
                                        MappingReader.between(text, Duration.ofSeconds(1), HookPolicy.LONGEST_MEMORY)))
                .orElse(HookPolicy.USUAL.dedupe());
    }

    private static List<Parameter> parameters(MappingReader fields) {
        var parameters = new ArrayList<Parameter>();
        var variables = new HashSet<String>();
        for (String name : fields.keys()) {
            Optional<Parameter> parameter = fields.section(name).flatMap(section -> parameter(name, section));
            if (!Parameter.isName(name)) {
                fields.wrong(
                        name,
                        "'" + name + "' is no name of a parameter; letters, digits and _ are allowed, no digit first");
            } else if (!variables.add(Parameter.variable(name))) {
                fields.wrong(
                        name,
                        "two parameters would be LEPRECHAUN_PARAM_" + Parameter.variable(name)
                                + "; give one another name");
            } else {
                parameter.ifPresent(parameters::add);
            }
        }
        if (fields.keys().size() > MOST_PARAMETERS) {
            fields.wrong(
                    "there are more than " + MOST_PARAMETERS + " parameters; the body is a file, take it from there");
        }
        return parameters;
    }

    private static Optional<Parameter> parameter(String name, MappingReader fields) {
        int max = fields.integer("max", 1, Parameter.LONGEST).orElse(USUAL_LENGTH);
        boolean required = fields.flag("required").orElse(false);
        Optional<Source> source = Source.read(fields);
        fields.done();
        return source.map(from -> new Parameter(name, from, max, required));
    }

    private static Optional<String> coalesce(MappingReader fields, List<Parameter> parameters) {
        return fields.read("coalesce", name -> {
            if (parameters.stream().noneMatch(parameter -> parameter.name().equals(name))) {
                throw new IllegalArgumentException("'" + name + "' is none of the `params`; name one of them");
            }
            return Parameter.variable(name);
        });
    }
}
