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

/** Decides whether a delivery may trigger its recipe, and what of it the steps get: by its sender's address, the proof of a secret, the method, the rules, and the parameters, in this order. */
public final class Gate {
    /** What all parameters together may be, in bytes: the kernel takes some more for a new program's words. */
    private static final int MOST = 256 * 1024;

    private final Keyring keyring;

    /** A gate that asks for secrets there. */
    public Gate(Keyring keyring) {
        this.keyring = keyring;
    }

    /** What becomes of a delivery. */
    public sealed interface Verdict {
        /**
         * It may come in.
         *
         * @param parameters what the steps get, by variable
         * @param delivery the names by which it is known when it comes again
         */
        record Passed(Map<String, String> parameters, DeliveryKeys delivery) implements Verdict {
            public Passed {
                parameters = Map.copyOf(parameters);
            }
        }

        /**
         * It may not.
         *
         * @param why one sentence, in which nothing stands that was sent
         */
        record Refused(Reason reason, String why) implements Verdict {}
    }

    /** Why a delivery is refused. */
    public enum Reason {
        /** Its sender is somewhere else. */
        ADDRESS(403),
        /** It proves no secret. */
        PROOF(401),
        /** There is no secret here to compare with. */
        NO_SECRET(503),
        /** It is sent by another method. */
        METHOD(405),
        /** It cannot be read, or not be given to a step. */
        UNREADABLE(400),
        /** Its body is in an encoding or a form that is not read (RFC 9110, 15.5.16). */
        UNSUPPORTED(415),
        /** It is not what the rules want. */
        RULE(0);

        private final int status;

        Reason(int status) {
            this.status = status;
        }

        /** The status of HTTP that says so. */
        public int status(HookPolicy policy) {
            return this == RULE ? policy.otherwise() : status;
        }
    }

    /**
     * One thing that was asked.
     *
     * @param what it was
     * @param answer in words, for people who test a hook
     */
    public record Asked(String what, boolean passed, String answer) {}

    /** What was asked, in order, and the verdict. */
    public record Hearing(List<Asked> asked, Optional<Rule.RuleResult> rule, Verdict verdict) {
        public Hearing {
            asked = List.copyOf(asked);
        }
    }

    /** Hears a delivery, up to the first thing that decides against it. */
    public Hearing hear(HookPolicy policy, Delivery delivery) {
        return new Examination(policy, delivery).hear(false);
    }

    /** Hears a delivery to the end, for people who want to know all that is wrong with it. The verdict is the same. */
    public Hearing hearAll(HookPolicy policy, Delivery delivery) {
        return new Examination(policy, delivery).hear(true);
    }

    /** Refuses a delivery for a hook that is not there: by the same way as one that proves no secret, so that it takes as long. */
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
                asked.add(new Asked("secret", true, "none is asked for: who knows the id may send"));
                return Optional.empty();
            }
            var auth = policy.auth().get();
            var secrets =
                    keyring.of(auth.secrets()).stream().filter(Scheme::isKey).toList();
            if (secrets.isEmpty()) {
                Macs.likeOne(delivery.body());
                String why = "the secret is not there, or empty; "
                        + auth.secrets().getFirst().fix();
                asked.add(new Asked("secret", false, why));
                return Optional.of(new Verdict.Refused(Reason.NO_SECRET, why));
            }
            Optional<String> complaint = auth.scheme().complaint(delivery, secrets);
            asked.add(new Asked("secret", complaint.isEmpty(), complaint.orElse("the sender knows it")));
            return complaint.map(why -> new Verdict.Refused(Reason.PROOF, why));
        }

        private Optional<Verdict.Refused> method() {
            boolean allowed = policy.methods().contains(delivery.method());
            String methods = policy.methods().stream().sorted().collect(Collectors.joining(", "));
            asked.add(new Asked("method", allowed, "it takes " + methods));
            return allowed
                    ? Optional.empty()
                    : Optional.of(new Verdict.Refused(Reason.METHOD, "the hook takes " + methods));
        }

        private Optional<Verdict.Refused> rules() {
            rule = policy.rule().map(all -> all.ask(delivery));
            rule.ifPresent(finding -> asked.add(new Asked(
                    "rules", finding.met(), finding.met() ? "all that is asked for" : "not " + finding.culprit())));
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
                throw new UnreadableException("the values are longer than " + MOST + " bytes together");
            }
            keys = DeliveryId.of(policy, delivery);
            return Optional.empty();
        }
    }
}
