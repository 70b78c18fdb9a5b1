package io.leprechaun.daemon.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.hook.Gate.Reason;
import io.leprechaun.daemon.hook.Gate.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
    private static final String WANT = "what do ya want for nothing?";
    private static final String JEFE = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    private final Gate gate = new Gate(new Keyring(Map.of("JEFE", "Jefe", "NEW", "the new one", "EMPTY", "")));

    @TempDir
    private Path folder;

    private Verdict hear(HookPolicy policy, Deliveries delivery) {
        return gate.hear(policy, delivery.made()).verdict();
    }

    private Optional<Reason> refusal(HookPolicy policy, Deliveries delivery) {
        return hear(policy, delivery) instanceof Verdict.Refused refused
                ? Optional.of(refused.reason())
                : Optional.empty();
    }

    private Map<String, String> parameters(HookPolicy policy, Deliveries delivery) {
        return hear(policy, delivery) instanceof Verdict.Passed passed ? passed.parameters() : Map.of("REFUSED", "");
    }

    private static HookPolicy auth(String lines) {
        return Deliveries.policy("auth: { " + lines + " }");
    }

    /** The example of docs.github.com, "Validating webhook deliveries". */
    private static Deliveries github() {
        return Deliveries.body("Hello, World!")
                .header(
                        "X-Hub-Signature-256",
                        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    }

    private static HookPolicy githubPolicy() {
        return auth("scheme: github, secret: { value: \"It's a Secret to Everybody\" }");
    }

    /** The example of the Standard Webhooks' reference libraries. */
    private static Deliveries standard() {
        return Deliveries.body("{\"test\": 2432232314}")
                .header("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
                .header("webhook-timestamp", "1614265330")
                .header("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
                .at(1614265330);
    }

    /** The same request as Svix, Clerk and Resend send it. */
    private static Deliveries svix() {
        return Deliveries.body("{\"test\": 2432232314}")
                .header("svix-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
                .header("svix-timestamp", "1614265330")
                .header("svix-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
                .at(1614265330);
    }

    private static Deliveries both() {
        return standard().header("svix-id", "msg_other").header("svix-signature", "v1,AAAA");
    }

    private static HookPolicy standardPolicy() {
        return auth("scheme: standard-webhooks, secret: { value: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw }");
    }

    /** Stripe documents the signing, but no example with its secret; these were signed by openssl. */
    private static Deliveries stripe(String signatures) {
        return Deliveries.body("{\"id\":\"evt_1\",\"object\":\"event\"}")
                .header("Stripe-Signature", "t=1492774577," + signatures)
                .at(1492774577);
    }

    private static final String STRIPE = "v1=654b43d3508ecadb3f8cefc4bc7d3d2bdc5ba9e03bf2c89b2d0657a8e24e4543";
    private static final String STRIPE_OTHER = "v1=2be5bc863a4b37f4f12289d93fea043489baf21ffad6a20e5f4f1b0d2f5c2425";

    private static HookPolicy stripePolicy() {
        return auth("scheme: stripe, secret: { value: whsec_test_secret }");
    }

    /** The example of docs.slack.dev, "Verifying requests from Slack". */
    private static Deliveries slack() {
        return Deliveries.body("token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
                        + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
                        + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
                        + "%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
                        + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c")
                .header("X-Slack-Request-Timestamp", "1531420618")
                .header("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")
                .at(1531420618);
    }

    private static HookPolicy slackPolicy() {
        return auth("scheme: hmac, header: X-Slack-Signature, prefix: v0=, signed:"
                + " 'v0:{header:X-Slack-Request-Timestamp}:{body}', secret: { value:"
                + " 8f742231b10e8888abcd99yyyzzz85a5 }");
    }

    /** A service that signs the time behind the body; signed by openssl. */
    private static HookPolicy behindPolicy() {
        return auth(
                "scheme: hmac, header: Sig, signed: '{body}.{header:Timestamp}', tolerance: 1m, secret: { env: JEFE }");
    }

    private static Deliveries jefe(String header, String value) {
        return Deliveries.body(WANT).header(header, value);
    }

    static Stream<Arguments> genuine() {
        return Stream.of(
                Arguments.of("GitHub's example", githubPolicy(), github()),
                Arguments.of("Standard Webhooks' example", standardPolicy(), standard()),
                Arguments.of(
                        "one signature of several",
                        standardPolicy(),
                        standard()
                                .header(
                                        "webhook-signature",
                                        "v1a,xyz v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")),
                Arguments.of("five minutes later", standardPolicy(), standard().at(1614265330 + 300)),
                Arguments.of(
                        "from five minutes ahead", standardPolicy(), standard().at(1614265330 - 300)),
                Arguments.of("Svix's headers", standardPolicy(), svix()),
                Arguments.of("both kinds of headers", standardPolicy(), both()),
                Arguments.of("Stripe", stripePolicy(), stripe(STRIPE + ",v0=abc")),
                Arguments.of("Stripe while its secret is rotated", stripePolicy(), stripe(STRIPE_OTHER + "," + STRIPE)),
                Arguments.of("Slack's example", slackPolicy(), slack()),
                Arguments.of("Slack, five minutes later", slackPolicy(), slack().at(1531420618 + 300)),
                Arguments.of(
                        "the time behind the body",
                        behindPolicy(),
                        jefe("Sig", "a56fa3476140fb2c7cc03f44847fcb6d00b3d3f256c481b2060e74382a859fe4")
                                .header("Timestamp", "1700000000")
                                .at(1700000000)),
                Arguments.of(
                        "GitLab",
                        auth("scheme: gitlab, secret: { env: JEFE }"),
                        Deliveries.body("{}").header("X-Gitlab-Token", "Jefe")),
                Arguments.of(
                        "HMAC of RFC 4231, 4.3",
                        auth("scheme: hmac, header: X-Signature, secret: { env: JEFE }"),
                        jefe("X-Signature", JEFE)),
                Arguments.of(
                        "HMAC of RFC 4231, 4.3, by SHA-512, in Base64, behind a prefix",
                        auth("scheme: hmac, header: Sig, algorithm: sha512, encoding: base64, prefix: 'v=', secret: {"
                                + " env: JEFE }"),
                        jefe(
                                "sig",
                                "v=Fkt6e/z4GeLjlfvnO1bgo4e9ZCIugx/WECcM1+olBVSXWL91wFqZSm0DT2X48Ob9yuqxo01Ka0tjbgcKOLzn"
                                        + "Nw==")),
                Arguments.of(
                        "HMAC of RFC 2202, 3, by SHA-1",
                        auth("scheme: hmac, header: Sig, algorithm: sha1, secret: { env: JEFE }"),
                        jefe("Sig", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")),
                Arguments.of(
                        "bearer",
                        auth("scheme: bearer, secret: { env: JEFE }"),
                        Deliveries.body("").header("Authorization", "bearer Jefe")),
                Arguments.of(
                        "basic, the example of RFC 7617, 2",
                        auth("scheme: basic, user: Aladdin, secret: { value: open sesame }"),
                        Deliveries.body("").header("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")),
                Arguments.of(
                        "basic, the example of RFC 7617, 2.1",
                        auth("scheme: basic, user: test, secret: { value: 123£ }"),
                        Deliveries.body("").header("Authorization", "Basic dGVzdDoxMjPCow==")),
                Arguments.of(
                        "the old secret while it is rotated",
                        auth("scheme: bearer, secrets: [ { env: NEW }, { env: JEFE } ]"),
                        Deliveries.body("").header("Authorization", "Bearer Jefe")),
                Arguments.of(
                        "the new secret while it is rotated",
                        auth("scheme: bearer, secrets: [ { env: NEW }, { env: JEFE } ]"),
                        Deliveries.body("").header("Authorization", "Bearer the new one")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void genuine(String name, HookPolicy policy, Deliveries delivery) {
        assertThat(hear(policy, delivery)).as(name).isInstanceOf(Verdict.Passed.class);
    }

    static Stream<Arguments> forged() {
        String signature = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        var forged = new ArrayList<Arguments>();
        var github = Map.of(
                "none", "",
                "of another body", "sha256=" + signature.replace('7', '8'),
                "cut off", "sha256=" + signature.substring(0, 32),
                "cut off to nothing", "sha256=",
                "in capitals", "sha256=" + signature.toUpperCase(Locale.ROOT),
                "prefix in capitals", "SHA256=" + signature,
                "without its prefix", signature,
                "with a space", "sha256= " + signature,
                "longer", "sha256=" + signature + "00",
                "in Base64", "sha256=dXEH6g6yUJ/CESIczphLijdXC211hsIsRvQ3nIsEPhc=");
        github.forEach((how, value) -> forged.add(Arguments.of(
                "GitHub, " + how,
                githubPolicy(),
                Deliveries.body("Hello, World!").header("X-Hub-Signature-256", value))));
        forged.add(Arguments.of("GitHub, no header", githubPolicy(), Deliveries.body("Hello, World!")));
        forged.add(Arguments.of(
                "GitHub, by SHA-1 alone",
                githubPolicy(),
                Deliveries.body("Hello, World!")
                        .header("X-Hub-Signature", "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59")));
        forged.add(Arguments.of("replayed", standardPolicy(), standard().at(1614265330 + 301)));
        forged.add(Arguments.of("from the future", standardPolicy(), standard().at(1614265330 - 301)));
        forged.add(Arguments.of("under another id", standardPolicy(), standard().header("webhook-id", "msg_other")));
        forged.add(Arguments.of(
                "at another time", standardPolicy(), standard().header("webhook-timestamp", "1614265331")));
        forged.add(Arguments.of(
                "at no time", standardPolicy(), standard().header("webhook-timestamp", "99999999999999999999")));
        forged.add(Arguments.of(
                "of version 2",
                standardPolicy(),
                standard().header("webhook-signature", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")));
        forged.add(Arguments.of("Svix, replayed", standardPolicy(), svix().at(1614265330 + 301)));
        forged.add(Arguments.of("Svix, under another id", standardPolicy(), svix().header("svix-id", "msg_other")));
        for (String name : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
            forged.add(Arguments.of(
                    "Svix, with " + name + " beside it", standardPolicy(), svix().header(name, "1614265330")));
        }
        forged.add(
                Arguments.of("Stripe, replayed", stripePolicy(), stripe(STRIPE).at(1492774577 + 301)));
        forged.add(Arguments.of("Slack, replayed", slackPolicy(), slack().at(1531420618 + 301)));
        forged.add(Arguments.of(
                "Slack, at another time", slackPolicy(), slack().header("X-Slack-Request-Timestamp", "1531420619")));
        forged.add(Arguments.of(
                "Slack, at no time",
                slackPolicy(),
                Deliveries.body("{}").header("X-Slack-Signature", "v0=a2114d57").at(1531420618)));
        forged.add(Arguments.of(
                "the time behind the body, a minute later",
                behindPolicy(),
                jefe("Sig", "a56fa3476140fb2c7cc03f44847fcb6d00b3d3f256c481b2060e74382a859fe4")
                        .header("Timestamp", "1700000000")
                        .at(1700000061)));
        forged.add(Arguments.of("Stripe, by another secret", stripePolicy(), stripe(STRIPE_OTHER)));
        forged.add(Arguments.of("Stripe, by v0 alone", stripePolicy(), stripe(STRIPE.replace("v1", "v0"))));
        forged.add(Arguments.of("Stripe, no header", stripePolicy(), Deliveries.body("{}")));
        forged.add(Arguments.of(
                "Stripe, no time",
                stripePolicy(),
                Deliveries.body("{\"id\":\"evt_1\",\"object\":\"event\"}").header("Stripe-Signature", STRIPE)));
        for (String token : List.of("", "jefe", "JEFE", "Jef", "Jefe ", "Jefee")) {
            forged.add(Arguments.of(
                    "GitLab, '" + token + "'",
                    auth("scheme: gitlab, secret: { env: JEFE }"),
                    Deliveries.body("").header("X-Gitlab-Token", token)));
        }
        for (String word : List.of("", "Bearer", "Bearer ", "BearerJefe", "Basic Jefe", "Jefe", "Token Jefe")) {
            forged.add(Arguments.of(
                    "bearer, '" + word + "'",
                    auth("scheme: bearer, secret: { env: JEFE }"),
                    Deliveries.body("").header("Authorization", word)));
        }
        for (String login : List.of("Aladdin:open", ":open sesame", "aladdin:open sesame", "Aladdin:", "")) {
            String encoded = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
            forged.add(Arguments.of(
                    "basic, " + login,
                    auth("scheme: basic, user: Aladdin, secret: { value: open sesame }"),
                    Deliveries.body("").header("Authorization", "Basic " + encoded)));
        }
        forged.add(Arguments.of(
                "the oldest secret after it was rotated away",
                auth("scheme: bearer, secrets: [ { env: NEW } ]"),
                Deliveries.body("").header("Authorization", "Bearer Jefe")));
        forged.add(Arguments.of(
                "the secret in the query",
                auth("scheme: bearer, secret: { env: JEFE }"),
                Deliveries.body("").query("access_token=Jefe&secret=Jefe&token=Jefe")));
        return forged.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void forged(String name, HookPolicy policy, Deliveries delivery) {
        var hearing = gate.hear(policy, delivery.made());
        assertThat(hearing.verdict()).as(name).isInstanceOf(Verdict.Refused.class);
        assertThat(((Verdict.Refused) hearing.verdict()).reason()).as(name).isEqualTo(Reason.PROOF);
        assertThat(hearing.toString())
                .as("what was expected")
                .doesNotContain("757107ea0eb2")
                .doesNotContain("g0hM9SsE")
                .doesNotContain("Jefe")
                .doesNotContain("open sesame");
    }

    @Test
    void a_secret_is_read_anew_and_an_empty_or_missing_one_lets_nobody_in() throws Exception {
        for (String empty : List.of("", "\n")) {
            Path file = Files.writeString(folder.resolve("secret" + empty.length()), empty);
            assertThat(refusal(
                            auth("scheme: gitlab, secret: { file: " + file + " }"),
                            Deliveries.body("").header("X-Gitlab-Token", "")))
                    .contains(Reason.NO_SECRET);
        }
        assertThat(refusal(auth("scheme: gitlab, secret: { env: EMPTY }"), Deliveries.body("")))
                .contains(Reason.NO_SECRET);
        assertThat(refusal(auth("scheme: standard-webhooks, secret: { value: whsec_ }"), standard()))
                .as("no key in another spelling")
                .contains(Reason.NO_SECRET);
        assertThat(refusal(auth("scheme: gitlab, secret: { credential: nothing }"), Deliveries.body("")))
                .contains(Reason.NO_SECRET);
        var policy = auth("scheme: gitlab, secret: { file: " + folder.resolve("later") + " }");
        assertThat(refusal(policy, Deliveries.body(""))).contains(Reason.NO_SECRET);
        Files.writeString(folder.resolve("later"), "s3cret\n");
        var keyring = new Gate(new Keyring(Map.of()));
        assertThat(keyring.hear(
                                policy,
                                Deliveries.body("")
                                        .header("X-Gitlab-Token", "s3cret")
                                        .made())
                        .verdict())
                .isInstanceOf(Verdict.Passed.class);
    }

    @Test
    void who_has_to_know_a_secret_posts() {
        var policy = githubPolicy();
        assertThat(refusal(policy, github().method("GET"))).contains(Reason.METHOD);
        assertThat(refusal(policy, Deliveries.body("").method("GET")))
                .as("who knows no secret learns nothing of methods")
                .contains(Reason.PROOF);
        assertThat(refusal(Deliveries.policy(), Deliveries.body("").method("GET")))
                .isEmpty();
        assertThat(refusal(
                        Deliveries.policy("methods: POST"), Deliveries.body("").method("GET")))
                .contains(Reason.METHOD);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "0.0.0.0/0, 8.8.8.8, true",
        "0.0.0.0/0, ::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true"
    })
    void a_sender_has_to_be_where_senders_are(String range, String address, boolean allowed) {
        assertThat(refusal(
                        Deliveries.policy("allow_from: '" + range + "'"),
                        Deliveries.body("").from(address)))
                .isEqualTo(allowed ? Optional.empty() : Optional.of(Reason.ADDRESS));
    }

    @Test
    void rules_are_all_asked_and_the_one_that_is_not_met_is_named() {
        var policy = Deliveries.policy(
                "rules:",
                "  - { header: X-GitHub-Event, in: [ push, release ] }",
                "  - or:",
                "    - { json: ref, match: refs/heads/main }",
                "    - and: [ { json: ref, regex: '^refs/tags/v[0-9]+$' }, { not: { address: 10.0.0.0/8 } } ]");
        var push = Deliveries.body("{\"ref\":\"refs/heads/main\"}").header("x-github-event", "push");
        assertThat(refusal(policy, push)).isEmpty();
        var tag = Deliveries.body("{\"ref\":\"refs/tags/v12\"}").header("X-GitHub-Event", "release");
        assertThat(refusal(policy, tag)).isEmpty();
        assertThat(hear(policy, tag.from("10.1.2.3")))
                .isEqualTo(new Verdict.Refused(
                        Reason.RULE,
                        "not met: any of (json ref is refs/heads/main; all of (json ref fits ^refs/tags/v[0-9]+$; not"
                                + " address in 10.0.0.0/8))"));
        assertThat(hear(policy, Deliveries.body("{\"ref\":\"refs/heads/main\"}").header("X-GitHub-Event", "ping")))
                .isEqualTo(new Verdict.Refused(Reason.RULE, "not met: header X-GitHub-Event is one of push, release"));
        assertThat(hear(policy, Deliveries.body("{}")))
                .as("what is not there passes no test")
                .isInstanceOf(Verdict.Refused.class);
        assertThat(refusal(policy, Deliveries.body("no json").header("X-GitHub-Event", "push")))
                .contains(Reason.UNREADABLE);
    }

    @Test
    void a_pattern_cannot_be_made_slow_by_who_sends() {
        var policy = Deliveries.policy("rules: { query: q, regex: '^(a+)+$' }");
        assertThat(refusal(policy, Deliveries.body("").query("q=" + "a".repeat(10_000) + "b")))
                .contains(Reason.RULE);
    }

    @Test
    void a_step_gets_what_the_recipe_declares() {
        var policy = Deliveries.policy(
                "params:",
                "  branch: { json: ref }",
                "  first: { json: commits.0.id }",
                "  dotted: { json: a.b }",
                "  size: { json: size }",
                "  price: { json: price }",
                "  whole: { json: commits }",
                "  yes: { json: yes }",
                "  none: { json: none }",
                "  who: { query: user }",
                "  agent: { header: User-Agent }");
        var delivery = Deliveries.body("""
            {"ref":"refs/heads/ünï","commits":[{"id":"c0"},{"id":"c1"}],"a.b":"dots","size":12345678901234567890,
             "price":1.10,"yes":true,"none":null}\
            """)
                .query("user=Zo%C3%AB+%26+co&user=other&empty")
                .header("User-Agent", "Zoë's");
        assertThat(parameters(policy, delivery))
                .isEqualTo(Map.of(
                        "BRANCH", "refs/heads/ünï",
                        "FIRST", "c0",
                        "DOTTED", "dots",
                        "SIZE", "12345678901234567890",
                        "PRICE", "1.10",
                        "WHOLE", "[{\"id\":\"c0\"},{\"id\":\"c1\"}]",
                        "YES", "true",
                        "WHO", "Zoë & co",
                        "AGENT", "Zoë's"));
    }

    @Test
    void a_form_is_read_and_what_github_sends_in_one() {
        var form = "application/x-www-form-urlencoded; charset=UTF-8";
        var policy = Deliveries.policy("params: { note: { form: text }, ref: { json: ref } }");
        var delivery = Deliveries.body("text=a%3Db%0Ac&payload=%7B%22ref%22%3A%22main%22%7D")
                .header("Content-Type", form);
        assertThat(parameters(policy, delivery)).isEqualTo(Map.of("NOTE", "a=b\nc", "REF", "main"));
        assertThat(parameters(Deliveries.policy("params: { note: { form: text } }"), Deliveries.body("text=x")))
                .as("no form by its type")
                .isEmpty();
    }

    /** Also as a form, which is the type that curl sends: {@code payload} in a text of it is not a field. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ref\":\"evil\",\"m\":\"x&payload=%7B%22ref%22%3A%22main%22%7D&y=\"}",
                " \r\n\t{\"ref\":\"evil\",\"m\":\"&payload={}&ref=main\"}",
                "\uFEFF{\"ref\":\"evil\",\"m\":\"100% done\"}",
                "\uFEFF\n[\"&ref=main&payload={\\\"ref\\\":\\\"main\\\"}&\"]",
            })
    void what_begins_as_json_is_json_and_no_form(String body) {
        var form = "application/x-www-form-urlencoded";
        boolean object = body.contains("evil");
        var delivery = Deliveries.body(body).header("Content-Type", form);
        assertThat(parameters(Deliveries.policy("params: { ref: { json: ref } }"), delivery))
                .isEqualTo(object ? Map.of("REF", "evil") : Map.of());
        assertThat(refusal(Deliveries.policy("rules: { json: ref, match: main }"), delivery))
                .contains(Reason.RULE);
        assertThat(refusal(Deliveries.policy("rules: { form: ref, match: main }"), delivery))
                .contains(Reason.RULE);
        assertThat(parameters(Deliveries.policy("params: { ref: { form: ref }, p: { form: payload } }"), delivery))
                .isEmpty();
    }

    @Test
    void json_with_very_many_ampersands_is_no_form_of_as_many_fields() {
        var delivery = Deliveries.body("{\"ref\":\"main\",\"m\":\"" + "&".repeat(2000) + "\"}")
                .header("Content-Type", "application/x-www-form-urlencoded");
        assertThat(parameters(Deliveries.policy("params: { ref: { json: ref } }"), delivery))
                .isEqualTo(Map.of("REF", "main"));
    }

    /** PayPal's notices are in windows-1252, and a sender may write "100%" into an address. */
    @Test
    void what_nobody_asks_for_may_be_anything() {
        var policy = Deliveries.policy("params: { status: { form: payment_status }, v: { query: v } }");
        var delivery = Deliveries.body("payment_status=Completed&first_name=Jos%E9&note=100%&%=%")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .query("x=Jos%E9&v=1&note=100%&%E9=1");
        assertThat(parameters(policy, delivery)).isEqualTo(Map.of("STATUS", "Completed", "V", "1"));
        assertThat(refusal(Deliveries.policy("params: { n: { form: first_name } }"), delivery))
                .contains(Reason.UNREADABLE);
        assertThat(refusal(Deliveries.policy("rules: { query: note, match: '100%' }"), delivery))
                .contains(Reason.UNREADABLE);
    }

    /** A value that a step cannot be given byte for byte is refused, and never changed. */
    @Test
    void a_value_that_no_variable_can_hold_is_refused() {
        var json = Deliveries.policy("params: { v: { json: v, max: 10 } }");
        for (String body : List.of(
                "{\"v\":\"a\\u0000b\"}",
                "{\"v\":\"\\ud800\"}",
                "{\"v\":\"12345678901\"}",
                "{\"v\":\"ääääää\"}",
                "{\"v\":1,\"v\":2}",
                "{\"v\":1} {}",
                "{\"v\":",
                "")) {
            assertThat(refusal(json, Deliveries.body(body))).as(body).contains(Reason.UNREADABLE);
        }
        assertThat(refusal(json, Deliveries.body(new byte[] {'"', (byte) 0xff, '"'})))
                .contains(Reason.UNREADABLE);
        var header = Deliveries.policy("params: { v: { header: X } }");
        assertThat(refusal(header, Deliveries.body("").rawHeader("X", "\u00ff")))
                .contains(Reason.UNREADABLE);
        var query = Deliveries.policy("params: { v: { query: v } }");
        for (String bad : List.of("v=%ff", "v=%0", "v=%", "v=%zz", "v=%00", "v=%C3")) {
            assertThat(refusal(query, Deliveries.body("").query(bad))).as(bad).contains(Reason.UNREADABLE);
        }
        var required = Deliveries.policy("params: { v: { query: v, required: true } }");
        assertThat(refusal(required, Deliveries.body(""))).contains(Reason.UNREADABLE);
        assertThat(parameters(query, Deliveries.body(""))).isEmpty();
    }

    private Optional<String> delivery(HookPolicy policy, Deliveries delivery) {
        return hear(policy, delivery) instanceof Verdict.Passed passed
                ? passed.delivery().id()
                : Optional.of("refused");
    }

    @Test
    void a_delivery_is_known_by_what_its_sender_calls_it() {
        var open = Deliveries.policy();
        assertThat(delivery(open, Deliveries.body(""))).isEmpty();
        assertThat(delivery(open, Deliveries.body("").header("Idempotency-Key", "k")))
                .contains("k");
        assertThat(delivery(open, Deliveries.body("").header("X-GitHub-Delivery", "g")))
                .contains("g");
        assertThat(delivery(open, Deliveries.body("").header("webhook-id", "w")))
                .contains("w");
        assertThat(delivery(open, Deliveries.body("").header("svix-id", "s"))).contains("s");
        assertThat(delivery(standardPolicy(), svix())).contains("msg_p5jXN8AQM9LWM0D4loKWxJek");
        assertThat(delivery(standardPolicy(), both())).contains("msg_p5jXN8AQM9LWM0D4loKWxJek");
        var one = delivery(open, Deliveries.body("one").header("X-Gitlab-Event-UUID", "e"));
        assertThat(one)
                .isPresent()
                .isEqualTo(delivery(open, Deliveries.body("one").header("X-Gitlab-Event-UUID", "e")));
        assertThat(one)
                .as("events that follow from each other have one id")
                .isNotEqualTo(delivery(open, Deliveries.body("two").header("X-Gitlab-Event-UUID", "e")));
        assertThat(delivery(standardPolicy(), standard().header("Idempotency-Key", "a stranger's")))
                .contains("msg_p5jXN8AQM9LWM0D4loKWxJek");
        assertThat(delivery(stripePolicy(), stripe(STRIPE).header("Idempotency-Key", "a stranger's")))
                .contains("stripe evt_1");
        assertThat(delivery(
                        Deliveries.policy("dedupe: none"), Deliveries.body("").header("Idempotency-Key", "k")))
                .isEmpty();
        assertThat(refusal(open, Deliveries.body("").header("Idempotency-Key", "k".repeat(256))))
                .contains(Reason.UNREADABLE);
    }

    private DeliveryKeys keys(HookPolicy policy, Deliveries delivery) {
        return ((Verdict.Passed) hear(policy, delivery)).delivery();
    }

    /** An attacker who captures such a delivery can send it under another id and as another event. */
    @Test
    void a_delivery_of_which_the_body_alone_is_signed_is_known_by_its_body_too() {
        var hmac = auth("scheme: hmac, header: Sig, algorithm: sha1, secret: { env: JEFE }");
        var gitlab = auth("scheme: gitlab, secret: { env: JEFE }");
        assertThat(keys(
                                githubPolicy(),
                                github().header("X-GitHub-Delivery", "g").header("X-GitHub-Event", "push"))
                        .body())
                .isPresent()
                .isEqualTo(keys(
                                githubPolicy(),
                                github().header("X-GitHub-Delivery", "other").header("X-GitHub-Event", "ping"))
                        .body());
        assertThat(keys(githubPolicy(), github()).kept())
                .as("equal bodies may each be meant")
                .isEmpty();
        assertThat(keys(
                                hmac,
                                jefe("Sig", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
                                        .header("Idempotency-Key", "i"))
                        .kept())
                .hasSize(2)
                .contains("i");
        assertThat(keys(
                                gitlab,
                                Deliveries.body("{}")
                                        .header("X-Gitlab-Token", "Jefe")
                                        .header("X-Gitlab-Event-UUID", "u"))
                        .kept())
                .hasSize(2);
        for (var signed : List.of(
                keys(standardPolicy(), standard()),
                keys(stripePolicy(), stripe(STRIPE)),
                keys(Deliveries.policy(), Deliveries.body("{}").header("Idempotency-Key", "i")))) {
            assertThat(signed.body()).isEmpty();
            assertThat(signed.kept()).hasSize(1);
        }
        assertThat(keys(
                        Deliveries.policy("auth: { scheme: gitlab, secret: { env: JEFE } }", "dedupe: none"),
                        Deliveries.body("{}").header("X-Gitlab-Token", "Jefe").header("Idempotency-Key", "i")))
                .isEqualTo(DeliveryKeys.NONE);
    }

    /** Under another id it is the same delivery; signed at another time it is another one. */
    @Test
    void a_delivery_whose_time_is_signed_is_known_by_what_is_signed() {
        var one = keys(slackPolicy(), slack().header("Idempotency-Key", "1"));
        assertThat(one.kept()).hasSize(2);
        assertThat(keys(slackPolicy(), slack().header("Idempotency-Key", "2")).body())
                .isEqualTo(one.body());
        var policy = auth("scheme: hmac, header: Sig, signed: '{body}.{header:Timestamp}', secret: { env: JEFE }");
        var later = jefe("Sig", "0a70bbddf2a5592e13310517c277ec2f193cbc9800e7ccb58e5eabb83c24c5bc")
                .header("Timestamp", "1700000001")
                .at(1700000001);
        var earlier = jefe("Sig", "a56fa3476140fb2c7cc03f44847fcb6d00b3d3f256c481b2060e74382a859fe4")
                .header("Timestamp", "1700000000")
                .at(1700000000);
        assertThat(keys(policy, later).body())
                .isPresent()
                .isNotEqualTo(keys(policy, earlier).body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scheme: github",
                "scheme: gitlab",
                "scheme: standard-webhooks",
                "scheme: stripe",
                "scheme: hmac, header: Sig",
                "scheme: bearer",
                "scheme: basic, user: zoe"
            })
    void a_secret_of_blanks_and_padding_is_no_key_in_any_scheme(String scheme) throws Exception {
        int n = 0;
        for (String empty :
                List.of(" ", "\t \n\n", "\u00a0", "\u200b", "\ufeff", "=", "==", "whsec_", "whsec_ ", "whsec_==")) {
            Path file = Files.writeString(folder.resolve("empty" + n++), empty + "\n");
            var policy = auth(scheme + ", secret: { file: " + file + " }");
            assertThat(refusal(policy, Deliveries.body("")))
                    .as("'" + empty + "'")
                    .contains(Reason.NO_SECRET);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 60, 61, 1000})
    void what_is_shown_of_a_value_is_short_and_harmless(int length) {
        String shown = SenderText.of("\u001b[31m\u202e\n" + "x".repeat(length));
        assertThat(shown).hasSizeLessThanOrEqualTo(63).startsWith("'?[31m??x").doesNotContain("\u001b");
    }
}
