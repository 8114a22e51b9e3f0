using System.Net.Sockets;
using System.Text;
using FitFlow.Hosting.Local.Processes;

namespace FitFlow.Hosting.Local.Servers;

internal static class RabbitMqServer
{
    public static async Task<Launch> Prepare(ServerSettings settings, ServerStore store, CancellationToken ct)
    {
        var home = PlainPath.Of(PrivateFile.Folder(settings.DataDirectory));
        var data = Path.Combine(home, "mnesia");
        PrivateFile.CheckPassword(settings, data);
        var programs = await Programs.Find(store, ct);
        var (portMapper, distribution) = (settings.AnotherPort(), settings.AnotherPort());
        var management = settings.Options.GetValueOrDefault("management") == "true";

        PrivateFile.Write(Path.Combine(home, "enabled_plugins"), management ? "[rabbitmq_management].\n" : "[].\n");
        PrivateFile.Write(Path.Combine(home, "rabbitmq.conf"), Configuration(settings, management));
        // As bytes: a password may hold what a line of configuration ends at.
        PrivateFile.Write(Path.Combine(home, "advanced.config"), $"[{{rabbit, [{{default_user, {Term(settings.UserName)}}}, {{default_pass, {Term(settings.Password)}}}]}}].\n");
        PrivateFile.Write(Path.Combine(PrivateFile.Folder(home, "bin"), "erl"), programs.ErlScript, executable: true);
        var launcher = Path.Combine(home, "bin", "start");
        PrivateFile.Write(launcher, Launcher(programs, portMapper), executable: true);

        var environment = new Dictionary<string, string>(programs.Environment)
        {
            ["HOME"] = home,
            ["PATH"] = $"{Path.Combine(home, "bin")}:{programs.ErlangBin}:{store.SearchPath}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = $"{portMapper}",
            ["ERL_CRASH_DUMP"] = Path.Combine(home, "erl_crash.dump"),
            // The name of its data: the same in every run. Each data folder has a port mapper of its own, so names never meet.
            ["RABBITMQ_NODENAME"] = "fitflow@localhost",
            ["RABBITMQ_DIST_PORT"] = $"{distribution}",
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(home, "rabbitmq.conf"),
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(home, "advanced.config"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(home, "enabled_plugins"),
            ["RABBITMQ_MNESIA_BASE"] = data,
            ["RABBITMQ_LOG_BASE"] = PrivateFile.Folder(home, "log"),
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_FEATURE_FLAGS_FILE"] = Path.Combine(home, "feature_flags"),
            ["RABBITMQ_PLUGINS_EXPAND_DIR"] = Path.Combine(home, "plugins"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(home, "pid"),
            // Its script then becomes the server, which takes SIGTERM itself: else it starts a second Erlang to stop the first.
            ["RABBITMQ_ALLOW_INPUT"] = "true",
            // Idle schedulers sleep instead of spinning on a developer's two cores.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
        };
        var server = new Launch(launcher, [], environment, home) { Ping = stop => Ping(settings, stop) };
        // About a second; but the management plugin dawdles for five more, when all that matters is on disk.
        return management ? server with { StopGrace = TimeSpan.FromSeconds(2.5) } : server;
    }

    private static string Configuration(ServerSettings settings, bool management) => $"""
        listeners.tcp.local = 127.0.0.1:{settings.Port}
        log.console = true
        log.console.level = warning
        log.file = false
        vm_memory_high_watermark.absolute = 1GB
        disk_free_limit.absolute = 64MB
        raft.wal_max_size_bytes = 67108864
        {(management ? $"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {settings.Options["management_port"]}" : "")}

        """;

    private static string Term(string text) => $"<<{string.Join(',', Encoding.UTF8.GetBytes(text))}>>";

    /// <summary>
    /// The port mapper comes first, or the node has nowhere to say its name. It ends with the node, which is this
    /// script's own process: an epmd left to itself outlives everything.
    /// </summary>
    private static string Launcher(Programs programs, int portMapper) => $"""
        #!/bin/sh
        setpriv --pdeathsig KILL '{programs.PortMapper}' &
        for attempt in 1 2 3 4 5 6 7 8 9 10; do
          '{programs.PortMapper}' -port {portMapper} -names >/dev/null 2>&1 && break
          sleep 0.1
        done
        exec '{programs.Server}' -noinput

        """;

    private static async Task<string?> Ping(ServerSettings settings, CancellationToken ct)
    {
        try
        {
            await AmqpConversation.OpenAndClose(settings.Port, settings.UserName, settings.Password, ct);
            return Disk.Complaint(settings.DataDirectory);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return $"RabbitMQ does not serve on port {settings.Port}: {e.Message}";
        }
    }

    private sealed record Programs(string Server, string ErlangRoot, IReadOnlyDictionary<string, string> Environment)
    {
        public string ErlangBin => Path.Combine(ErlangRoot, "bin");

        public string PortMapper => Path.Combine(Runtime, "epmd");

        /// <summary>Erlang's own script has the folder that it is installed in written into it; this one says where it is.</summary>
        public string ErlScript => $"""
            #!/bin/sh
            export ROOTDIR='{ErlangRoot}' BINDIR='{Runtime}' EMU=beam PROGNAME=erl
            exec '{Runtime}/erlexec' "$@"

            """;

        private string Runtime => Path.Combine(Directory.GetDirectories(ErlangRoot, "erts-*").Order(StringComparer.Ordinal).Last(), "bin");

        public static async Task<Programs> Find(ServerStore store, CancellationToken ct)
        {
            if (store.OnPath("rabbitmq-server") is { } onPath && store.OnPath("erl") is { } erl)
            {
                // Debian's program on PATH is a link to a wrapper that changes user; the server proper stands beside the wrapper.
                var program = File.ResolveLinkTarget(onPath, returnFinalTarget: true)?.FullName ?? onPath;
                var proper = Path.Combine(Path.GetDirectoryName(program)!, "rabbitmq-server");
                return new Programs(File.Exists(proper) ? proper : program, await ErlangRootOf(erl, ct), new Dictionary<string, string>());
            }

            var unpacked = await store.Unpack(PackageSet.RabbitMq, ct);
            var own = unpacked.At("usr/lib/erlang");
            if (Directory.Exists(own) && Directory.GetDirectories(own, "erts-*").Length > 0)
                return new Programs(unpacked.At("usr/lib/rabbitmq/bin/rabbitmq-server"), own, unpacked.Environment);

            // Part of Erlang is installed on this machine, so only the rest was fetched.
            var installed = store.OnPath("erl") ?? throw new LocalHostingException("rabbitmq: erlang-base is installed but erl is not on PATH");
            var environment = unpacked.Environment;
            environment["ERL_LIBS"] = Path.Combine(own, "lib");
            return new Programs(unpacked.At("usr/lib/rabbitmq/bin/rabbitmq-server"), await ErlangRootOf(installed, ct), environment);
        }

        private static async Task<string> ErlangRootOf(string erl, CancellationToken ct)
        {
            var asked = await Tool.Run(erl, ["-noshell", "-eval", "io:format(\"~s\", [code:root_dir()]), halt()."], ct);
            return asked.Succeeded ? asked.Output.Trim() : throw new LocalHostingException($"{erl} does not run: {asked.Complaint}");
        }
    }
}
