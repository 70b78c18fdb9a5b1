package io.leprechaun.daemon.hook;

import io.leprechaun.daemon.units.Network;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The checks that decide whether a delivery may trigger its recipe, and the parameters for its steps. The order:
 * address, proof of a secret, method, rules, parameters.
 */
public final class Gate {
    /** The largest size of all parameters together, in bytes: the kernel takes some more for a new program's words. */
    private static final int MOST = 256 * 1024;

    private final Keyring keyring;

    /** Creates a gate that takes its secrets from a keyring. */
    public Gate(Keyring keyring) {
        this.keyring = keyring;
    }

    /** The decision on a delivery. */
    public sealed interface Verdict {
        /**
         * A delivery that may trigger the recipe.
         *
         * @param parameters the values for the steps, by variable
         * @param delivery the names by which a repetition is recognised
         */
        record Passed(Map<String, String> parameters, DeliveryKeys delivery) implements Verdict {
            public Passed {
                parameters = Map.copyOf(parameters);
            }
        }

        /**
         * A delivery that may not trigger the recipe.
         *
         * @param why one sentence, without anything that was sent
         */
        record Refused(Reason reason, String why) implements Verdict {}
    }

    /** The reason for refusing a delivery. */
    public enum Reason {
        /** Its sender's address is not allowed. */
        ADDRESS(403),
        /** It does not prove that the sender knows a secret. */
        PROOF(401),
        /** There is no secret on this host to compare with. */
        NO_SECRET(503),
        /** It is sent by another method. */
        METHOD(405),
        /** It cannot be read, or not be passed to a step. */
        UNREADABLE(400),
        /** Its body is in an encoding or a form that is not read (RFC 9110, 15.5.16). */
        UNSUPPORTED(415),
        /** It does not meet the rules. */
        RULE(0);

        private final int status;

        Reason(int status) {
            this.status = status;
        }

        /** Returns the HTTP status for this reason. */
        public int status(HookPolicy policy) {
            return this == RULE ? policy.otherwise() : status;
        }
    }

    /**
     * One check of a delivery.
     *
     * @param what the name of the check
     * @param answer the result in words, for users who test a hook
     */
    public record Asked(String what, boolean passed, String answer) {}

    /** The checks of a delivery, in order, and the verdict. */
    public record Hearing(List<Asked> asked, Optional<Rule.RuleResult> rule, Verdict verdict) {
        public Hearing {
            asked = List.copyOf(asked);
        }
    }

    /** Checks a delivery, up to the first check that fails. */
    public Hearing hear(HookPolicy policy, Delivery delivery) {
        return new Examination(policy, delivery).hear(false);
    }

    /** Checks a delivery to the end, for users who want all errors. The verdict is the same. */
    public Hearing hearAll(HookPolicy policy, Delivery delivery) {
        return new Examination(policy, delivery).hear(true);
    }

    /**
     * Refuses a delivery for an unknown hook. It takes the same path, and so the same time, as a delivery without a
     * valid proof.
     */
    public void pretend(Delivery delivery) {
        var unused = hear(HookPolicy.NOBODYS, delivery);
    }

    private final class Examination {
        private final HookPolicy policy;
        private final Delivery delivery;
        private final List<Asked> asked = new ArrayList<>();
        private final Map<String, String> parameters = new LinkedHashMap<>();
        private Optional<Rule.RuleResult> rule = Optional.empty();
        private DeliveryKeys keys = DeliveryKeys.NONE;

        Examination(HookPolicy policy, Delivery delivery) {
            this.policy = policy;
            this.delivery = delivery;
            delivery.willAsk(policy::jsonPaths);
        }

        Hearing hear(boolean toTheEnd) {
            var refusals = new ArrayList<Verdict.Refused>();
            var questions = List.<Supplier<Optional<Verdict.Refused>>>of(
                    this::address, this::proof, this::method, this::rules, this::contents);
            for (var question : questions) {
                if (toTheEnd || refusals.isEmpty()) {
                    ask(question).ifPresent(refusals::add);
                }
            }
            Verdict verdict = refusals.isEmpty() ? new Verdict.Passed(parameters, keys) : refusals.getFirst();
            return new Hearing(asked, rule, verdict);
        }

        private Optional<Verdict.Refused> ask(Supplier<Optional<Verdict.Refused>> question) {
            try {
                return question.get();
            } catch (UnreadableException e) {
                String why = String.valueOf(e.getMessage());
                asked.add(new Asked("contents", false, why));
                return Optional.of(new Verdict.Refused(
                        e instanceof UnsupportedException ? Reason.UNSUPPORTED : Reason.UNREADABLE, why));
            }
        }

        private Optional<Verdict.Refused> address() {
            if (policy.from().isEmpty()) {
                return Optional.empty();
            }
            boolean allowed = Network.anyContains(policy.from(), delivery.from());
            String ranges = policy.from().stream().map(Network::toString).collect(Collectors.joining(", "));
            String answer = delivery.from().getHostAddress() + (allowed ? " is in " : " is not in ") + ranges;
            asked.add(new Asked("address", allowed, answer));
            if (!allowed) {
                Macs.likeOne(delivery.body());
            }
            return allowed
                    ? Optional.empty()
                    : Optional.of(new Verdict.Refused(Reason.ADDRESS, "the sender's address is not allowed"));
        }

        private Optional<Verdict.Refused> proof() {
            if (policy.auth().isEmpty()) {
                asked.add(new Asked("secret", true, "not required: the id is enough"));
                return Optional.empty();
            }
            var auth = policy.auth().get();
            var secrets =
                    keyring.of(auth.secrets()).stream().filter(Scheme::isKey).toList();
            if (secrets.isEmpty()) {
                Macs.likeOne(delivery.body());
                String why =
                        "missing or empty secret; " + auth.secrets().getFirst().fix();
                asked.add(new Asked("secret", false, why));
                return Optional.of(new Verdict.Refused(Reason.NO_SECRET, why));
            }
            Optional<String> complaint = auth.scheme().complaint(delivery, secrets);
            asked.add(new Asked("secret", complaint.isEmpty(), complaint.orElse("valid")));
            return complaint.map(why -> new Verdict.Refused(Reason.PROOF, why));
        }

        private Optional<Verdict.Refused> method() {
            boolean allowed = policy.methods().contains(delivery.method());
            String methods = policy.methods().stream().sorted().collect(Collectors.joining(", "));
            asked.add(new Asked("method", allowed, "allowed: " + methods));
            return allowed
                    ? Optional.empty()
                    : Optional.of(new Verdict.Refused(Reason.METHOD, "the hook accepts " + methods));
        }

        private Optional<Verdict.Refused> rules() {
            rule = policy.rule().map(all -> all.ask(delivery));
            rule.ifPresent(finding -> asked.add(
                    new Asked("rules", finding.met(), finding.met() ? "all met" : "not " + finding.culprit())));
            return rule.filter(finding -> !finding.met())
                    .map(finding -> new Verdict.Refused(Reason.RULE, "not met: " + finding.culprit()));
        }

        private Optional<Verdict.Refused> contents() {
            int size = 0;
            for (Parameter parameter : policy.parameters()) {
                Optional<String> value = parameter.value(delivery);
                value.ifPresent(text -> parameters.put(parameter.variable(), text));
                size += value.map(text -> text.getBytes(StandardCharsets.UTF_8).length)
                        .orElse(0);
                asked.add(new Asked(
                        parameter.name(),
                        true,
                        value.map(SenderText::of).orElse("nothing") + " (" + parameter.source() + ")"));
            }
            if (size > MOST) {
                throw new UnreadableException("the values have more than " + MOST + " bytes in total");
            }
            keys = DeliveryId.of(policy, delivery);
            return Optional.empty();
        }
    }
}
