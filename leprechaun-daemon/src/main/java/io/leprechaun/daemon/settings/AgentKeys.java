package io.leprechaun.daemon.settings;

import io.leprechaun.daemon.keys.Key;
import io.leprechaun.daemon.keys.KeyTable;
import io.leprechaun.daemon.keys.Shape;
import io.leprechaun.daemon.keys.Type;
import io.leprechaun.daemon.keys.Types;
import io.leprechaun.daemon.units.Address;
import io.leprechaun.daemon.units.Network;
import io.leprechaun.daemon.yaml.MappingReader;
import io.leprechaun.daemon.yaml.Problems;
import io.leprechaun.daemon.yaml.Value;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The keys of the agents, and the conversion of their values into {@link AgentSettings}. */
final class AgentKeys {
    private static final int MOST_CONNECTIONS = 100_000;

    private static final KeyTable<WorkerSettings> WORKING = new KeyTable<>();
    private static final Key<Integer> MAX = WORKING.add(Key.of("max", Types.integer(1, WorkerSettings.MOST_AT_ONCE))
            .says("The largest number of runs at once.")
            .usually(WorkerSettings.DEFAULTS.max())
            .shipped());
    private static final Key<Integer> QUEUE = WORKING.add(Key.of("queue", Types.integer(0, WorkerSettings.MOST_WAITING))
            .says("The largest number of waiting runs; for all agents together, at most one per KiB of the heap.")
            .usually(WorkerSettings.DEFAULTS.queue())
            .unless("`" + WorkerSettings.DEFAULTS.queue() + "`; for `server` `" + WorkerSettings.SERVER.queue() + "`"));

    /** The limits on the runs of each agent. */
    static final Key<MappingReader> WORKERS =
            Key.of("workers", Types.shared("workers", () -> WORKING)).says("Limits on the runs of each agent.");

    private static final KeyTable<WorkerSettings> WORKING_FOR_ONE = new KeyTable<>();

    static {
        WORKING_FOR_ONE.add(MAX.unless("as for all agents"));
        WORKING_FOR_ONE.add(QUEUE.unless("as for all agents"));
    }

    private static final KeyTable<AgentSettings> AGENT = new KeyTable<>();
    private static final Key<Boolean> ENABLED = AGENT.add(Key.of("enabled", Types.flag())
            .says("`false` turns the agent off, so that its triggers make nothing due.")
            .usually(true));

    static {
        AGENT.add(Key.of("workers", Types.shared("agent_workers", () -> WORKING_FOR_ONE))
                .says("Limits on the runs of this agent."));
    }

    private static final Key<ZoneId> TIMEZONE = AGENT.add(Key.of("timezone", Types.zone())
            .says("The zone of its recipes that name none.")
            .unless("as for all agents"));
    private static final Key<List<String>> SHELL = AGENT.add(Key.of("shell", Types.shell())
            .says("The command that runs the text of a step of its recipes.")
            .unless("as for all agents"));
    private static final Key<String> RUN_AS = AGENT.add(Key.of("run_as", Types.account())
            .says("The user of its recipes that name none, if the daemon runs as root.")
            .unless("as for all agents"));
    private static final Key<Value.Mapping> DEFAULTS = AGENT.add(defaults()
            .says("Recipe keys for its recipes; they take precedence over the `defaults` for all recipes.")
            .unless("none"));

    private static final KeyTable<HookSettings> LIMITED = new KeyTable<>();
    static final Key<Integer> CONNECTIONS = LIMITED.add(Key.of("connections", Types.integer(1, MOST_CONNECTIONS))
            .says("Connections open at once.")
            .usually(1024));
    static final Key<Integer> PER_SOURCE = LIMITED.add(Key.of("per_source", Types.integer(1, MOST_CONNECTIONS))
            .says("Connections open at once from one address.")
            .usually(512));
    static final Key<Long> BYTES_PER_MINUTE =
            LIMITED.add(Key.of("bytes_per_minute", Types.size(64 << 10, Long.MAX_VALUE))
                    .says("Bytes of bodies that are accepted for one recipe within a minute.")
                    .usually(1L << 30));

    private static final KeyTable<HookSettings> SERVER_ALONE = new KeyTable<>();
    static final Key<Address> LISTEN = SERVER_ALONE.add(Key.of(
                    "listen", Type.parsed(Address::parse, AgentKeys::address))
            .says("The address for hooks, [ADDRESS]:PORT for IPv6; port 0 means a free port, which the log names.")
            .unless("`127.0.0.1:11400`")
            .shipped("\"127.0.0.1:11400\""));
    static final Key<MappingReader> TLS = SERVER_ALONE.add(TlsKeys.section());
    static final Key<List<Network>> TRUSTED_PROXIES = SERVER_ALONE.add(Key.of(
                    "trusted_proxies",
                    Type.listed((fields, key) -> fields.list(key, Network::parse), AgentKeys::networks))
            .says("Proxies whose `X-Forwarded-For` names the sender.")
            .unless("none")
            .example("[127.0.0.1]"));
    static final Key<MappingReader> LIMITS =
            SERVER_ALONE.add(Key.of("limits", Types.section(() -> LIMITED)).says("Limits on the senders of hooks."));

    private static final KeyTable<AgentSettings> SERVER = new KeyTable<>();

    static {
        SERVER.addAll(AGENT);
        SERVER.addAll(SERVER_ALONE);
    }

    private static final KeyTable<Settings> AGENTS = new KeyTable<>();

    static {
        AGENTS.add(agent(AgentName.SCHEDULER, "agent", AGENT).says("Starts recipes by `schedule`."));
        AGENTS.add(agent(AgentName.CRON, "agent", AGENT).says("Starts recipes by `cron`."));
        AGENTS.add(agent(AgentName.SERVER, "server", SERVER).says("Starts recipes by `hook`."));
        AGENTS.add(Key.of(
                        "remote",
                        Type.of(
                                MappingReader::section,
                                () -> Shape.of(
                                        "{\"type\": \"object\", \"properties\": {\"enabled\": {\"enum\": [false,"
                                                + " \"no\", \"off\"]}}, \"required\": [\"enabled\"]}",
                                        "`{ enabled: false }`")))
                .says("Steps for other hosts; not in this version yet, so the agent must stay off.")
                .shipped("{ enabled: false }"));
    }

    /** The agents. */
    static final Key<MappingReader> ALL = Key.of("agents", Types.section(() -> AGENTS))
            .says("The agents. Each may have its own `workers`, `timezone`, `shell`, `run_as` and `defaults`.");

    private AgentKeys() {}

    /**
     * Returns the settings of the agents by name. Errors are noted.
     *
     * @param usual the default settings of the agents
     * @param ofAll the function that puts the values for all agents into default settings
     */
    static Map<AgentName, AgentSettings> read(
            MappingReader root,
            Map<AgentName, AgentSettings> usual,
            UnaryOperator<AgentSettings> ofAll,
            Problems problems) {
        var agents = new LinkedHashMap<AgentName, AgentSettings>();
        Optional<MappingReader> sections = ALL.read(root);
        usual.forEach((name, agent) -> {
            AgentSettings inherited = ofAll.apply(agent);
            Optional<MappingReader> own = sections.flatMap(all -> all.section(name.value()));
            agents.put(name, own.map(fields -> agent(fields, name, inherited)).orElse(inherited));
        });
        sections.flatMap(all -> all.section("remote")).ifPresent(remote -> remote(remote, problems));
        sections.ifPresent(MappingReader::done);
        return agents;
    }

    /** Returns the inherited settings of an agent with the values of its section instead. Errors are noted. */
    private static AgentSettings agent(MappingReader fields, AgentName name, AgentSettings inherited) {
        boolean server = name.equals(AgentName.SERVER);
        var agent = new AgentSettings(
                ENABLED.or(fields, inherited.enabled()),
                WorkerLimits.read(fields).or(inherited.workers()),
                TIMEZONE.or(fields, inherited.zone()),
                SHELL.or(fields, inherited.shell()),
                RUN_AS.read(fields).or(inherited::runAs),
                inherited.hooks().map(hooks -> hooks.with(fields)),
                DEFAULTS.read(fields));
        fields.notYet("recipes");
        if (server) {
            fields.notYet("public_url");
        }
        fields.done();
        return agent;
    }

    /** Checks the section of the agent for remote steps, which may stand in the file as long as the agent is off. */
    private static void remote(MappingReader remote, Problems problems) {
        if (remote.flag("enabled").orElse(true)) {
            problems.error(
                    remote.place(),
                    "the agent `remote` is not in this version yet; remove it, or use `enabled: false`");
        }
        List.of("listen", "tls", "allow", "workers", "timezone", "shell", "defaults", "recipes", "run_as")
                .forEach(remote::has);
        remote.done();
    }

    /** The limits in a {@code workers:} section. */
    record WorkerLimits(Optional<Integer> max, Optional<Integer> queue) {
        static WorkerLimits read(MappingReader fields) {
            Optional<MappingReader> workers = WORKERS.read(fields);
            var limits = new WorkerLimits(workers.flatMap(MAX::read), workers.flatMap(QUEUE::read));
            workers.ifPresent(MappingReader::done);
            return limits;
        }

        WorkerSettings or(WorkerSettings usual) {
            return new WorkerSettings(max.orElse(usual.max()), queue.orElse(usual.queue()));
        }
    }

    /** Returns the key of recipe keys that hold for many recipes. The recipes' reader reads them. */
    static Key<Value.Mapping> defaults() {
        return Key.of(
                "defaults", Type.of(MappingReader::mapping, () -> Shape.of(Types.ref("defaults"), "keys of recipes")));
    }

    private static Key<MappingReader> agent(AgentName name, String definition, KeyTable<AgentSettings> keys) {
        return Key.of(name.value(), Types.shared(definition, () -> keys));
    }

    /** Returns the form of the address of a listener. */
    static Shape address() {
        return Types.matching(":[0-9]{1,5}$", "`HOST:PORT`");
    }

    private static Shape networks() {
        return Shape.of(Types.ref("networks"), "addresses and ranges");
    }
}
