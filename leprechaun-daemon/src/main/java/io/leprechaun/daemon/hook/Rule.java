package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.units.Network;
import io.leprechaun.daemon.units.Regex;
import io.leprechaun.daemon.yaml.MappingReader;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A condition that a delivery has to meet. */
public sealed interface Rule {
    /**
     * Checks a delivery.
     *
     * @throws UnreadableException when a value that the rule needs cannot be read
     */
    RuleResult ask(Delivery delivery);

    /** Returns the places of the values that it reads. */
    default Stream<Source> sources() {
        return switch (this) {
            case All all -> all.rules().stream().flatMap(Rule::sources);
            case Any any -> any.rules().stream().flatMap(Rule::sources);
            case Not not -> not.rule().sources();
            case From _ -> Stream.empty();
            case Is is -> Stream.of(is.source());
        };
    }

    /**
     * The result of a rule.
     *
     * @param what the rule in a few words
     * @param got the delivery's value; empty for a rule of rules
     * @param parts the results of the rules that it consists of
     * @param culprit the rule that decided against the delivery, where it is not met; without anything that was sent
     */
    record RuleResult(boolean met, String what, Optional<String> got, List<RuleResult> parts, String culprit) {
        public RuleResult {
            parts = List.copyOf(parts);
        }

        static RuleResult of(boolean met, String what, String got) {
            return new RuleResult(met, what, Optional.of(got), List.of(), what);
        }

        /** Returns the rule with the rules that it consists of. */
        private String whole() {
            return parts.isEmpty()
                    ? what
                    : what + " (" + parts.stream().map(RuleResult::whole).collect(Collectors.joining("; ")) + ")";
        }
    }

    /** The rule that all rules are met. */
    record All(List<Rule> rules) implements Rule {
        public All {
            rules = List.copyOf(rules);
        }

        @Override
        public RuleResult ask(Delivery delivery) {
            var parts = rules.stream().map(rule -> rule.ask(delivery)).toList();
            Optional<RuleResult> unmet =
                    parts.stream().filter(part -> !part.met()).findFirst();
            return new RuleResult(
                    unmet.isEmpty(),
                    "all of",
                    Optional.empty(),
                    parts,
                    unmet.map(RuleResult::culprit).orElse(""));
        }
    }

    /** The rule that at least one rule is met. */
    record Any(List<Rule> rules) implements Rule {
        public Any {
            rules = List.copyOf(rules);
        }

        @Override
        public RuleResult ask(Delivery delivery) {
            var parts = rules.stream().map(rule -> rule.ask(delivery)).toList();
            boolean met = parts.stream().anyMatch(RuleResult::met);
            var any = new RuleResult(met, "any of", Optional.empty(), parts, "");
            return new RuleResult(met, any.what(), any.got(), parts, any.whole());
        }
    }

    /** The opposite of a rule. */
    record Not(Rule rule) implements Rule {
        @Override
        public RuleResult ask(Delivery delivery) {
            var part = rule.ask(delivery);
            boolean leaf = part.parts().isEmpty();
            String what = leaf ? "not " + part.what() : "not";
            return new RuleResult(
                    !part.met(), what, part.got(), leaf ? List.of() : List.of(part), "not " + part.whole());
        }
    }

    /** The rule that the sender's address is in one of these networks. */
    record From(List<Network> networks) implements Rule {
        public From {
            networks = List.copyOf(networks);
        }

        @Override
        public RuleResult ask(Delivery delivery) {
            String ranges = networks.stream().map(Network::toString).collect(Collectors.joining(", "));
            return RuleResult.of(
                    Network.anyContains(networks, delivery.from()),
                    "address in " + ranges,
                    delivery.from().getHostAddress());
        }
    }

    /** The rule that a value passes a test. A missing value passes none. */
    record Is(Source source, Test test) implements Rule {
        @Override
        public RuleResult ask(Delivery delivery) {
            Optional<String> value = source.find(delivery);
            return RuleResult.of(
                    value.filter(test::passes).isPresent(),
                    source + " " + test,
                    value.map(SenderText::of).orElse("nothing"));
        }
    }

    /** A test of a value. */
    sealed interface Test {
        /** Returns whether the value passes. */
        boolean passes(String value);

        /** The test that the value is one of these texts. */
        record In(List<String> texts) implements Test {
            public In {
                texts = List.copyOf(texts);
            }

            @Override
            public boolean passes(String value) {
                return texts.contains(value);
            }

            @Override
            public String toString() {
                return (texts.size() == 1 ? "is " : "is one of ") + String.join(", ", texts);
            }
        }

        /** The test that a part of the value matches a pattern. */
        record Fits(Regex pattern) implements Test {
            @Override
            public boolean passes(String value) {
                if (pattern.isTooCostly(value.length())) {
                    throw new UnreadableException("a value is too long to compare with the pattern " + pattern);
                }
                return pattern.compiled().matcher(value).find();
            }

            @Override
            public String toString() {
                return "fits " + pattern;
            }
        }
    }

    /** Reads the rule of a map and notes errors in it. */
    static Optional<Rule> read(MappingReader fields) {
        Optional<Rule> rule = fields.keys().stream()
                        .filter(List.of("and", "or", "not", "address")::contains)
                        .findFirst()
                        .isPresent()
                ? compound(fields)
                : test(fields);
        fields.done();
        return rule;
    }

    private static Optional<Rule> compound(MappingReader fields) {
        List<Rule> all = rules(fields, "and");
        List<Rule> any = rules(fields, "or");
        Optional<Rule> not = fields.section("not").flatMap(Rule::read);
        List<Network> networks = fields.list("address", Network::parse);
        if (fields.keys().size() != 1) {
            fields.wrong(
                    "more than one rule, or none; use one of and, or, not, address, or a value with match, regex or"
                            + " in");
            return Optional.empty();
        }
        return switch (fields.keys().getFirst()) {
            case "and" -> all.isEmpty() ? Optional.empty() : Optional.of(new All(all));
            case "or" -> any.isEmpty() ? Optional.empty() : Optional.of(new Any(any));
            case "not" -> not.map(Not::new);
            default -> networks.isEmpty() ? Optional.empty() : Optional.of(new From(networks));
        };
    }

    /** Reads the rules of a list. */
    static List<Rule> rules(MappingReader fields, String key) {
        return fields.list(
                key,
                _ -> {
                    throw new IllegalArgumentException(
                            "invalid rule; use a map such as { header: X-GitHub-Event, match: push }");
                },
                Rule::read);
    }

    private static Optional<Rule> test(MappingReader fields) {
        Optional<Source> source = Source.read(fields);
        Optional<Test> match = fields.text("match").map(text -> new Test.In(List.of(text)));
        Optional<Test> regex = fields.read("regex", Regex::of).map(Test.Fits::new);
        List<String> in = fields.list("in", text -> text);
        if (List.of("match", "regex", "in").stream().filter(fields::has).count() != 1) {
            fields.wrong("missing or ambiguous test; use one of match, regex or in");
            return Optional.empty();
        }
        Optional<Test> test = match.or(() -> regex)
                .or(() -> Optional.of(in).filter(l -> !l.isEmpty()).map(Test.In::new));
        return source.flatMap(from -> test.map(passed -> new Is(from, passed)));
    }
}
