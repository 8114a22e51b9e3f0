using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FitFlow.Hosting.Local;
using FitFlow.Hosting.Local.Servers;

namespace FitFlow.Hosting.Tests.Servers;

public sealed class RabbitMqServerTests(ServersOfThisCheckout servers) : IClassFixture<ServersOfThisCheckout>
{
    [Fact]
    public async Task KeepsItsMessagesAndLeavesNobodyBehindThroughAStopAndAKill()
    {
        var port = RunningServer.FreePort();
        var settings = servers.Settings("rabbitmq", options: [("management", "true"), ("management_port", $"{port}")]);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/") };
        http.DefaultRequestHeaders.ConnectionClose = true;
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"guest:{settings.Password}")));

        await During(server => server.Stop(), async () =>
        {
            await Ask(http, HttpMethod.Put, "queues/%2f/bookings", new { durable = true, arguments = new Dictionary<string, string> { ["x-queue-type"] = "quorum" } });
            await Publish(http, "first");
        });
        await During(server => server.Crash(), () => Publish(http, "second"));
        await During(server => server.Stop(), async () =>
        {
            var got = await Ask(http, HttpMethod.Post, "queues/%2f/bookings/get", new { count = 10, ackmode = "ack_requeue_false", encoding = "auto" });
            Assert.Equal(["first", "second"], got.EnumerateArray().Select(message => message.GetProperty("payload").GetString()!));
        });

        async Task During(Func<RunningServer, Task> end, Func<Task> work)
        {
            await using var running = await RunningServer.Start(await RabbitMqServer.Prepare(settings, servers.Store, default));
            Assert.True(ProcessesWith(settings.DataDirectory).Count > 1, "the server and its port mapper");
            await Eventually.Holds(async () => (await http.GetAsync("queues")).IsSuccessStatusCode);
            await work();

            await end(running);

            await Eventually.Holds(() => ProcessesWith(settings.DataDirectory).Count == 0);
        }
    }

    [Fact]
    public async Task APasswordThatIsRefusedIsThePingsReason()
    {
        var settings = servers.Settings("rabbitmq-password", @"it's ""one\two"" #ünï");
        var server = await RabbitMqServer.Prepare(settings, servers.Store, default);
        Assert.Contains("does not serve", await server.Ping(default));

        await using var running = await RunningServer.Start(server);
        var stranger = await RabbitMqServer.Prepare(settings with { DataDirectory = servers.Scratch("other"), Password = "wrong" }, servers.Store, default);
        Assert.Contains("ACCESS_REFUSED", await stranger.Ping(default));

        var changed = await Assert.ThrowsAsync<LocalHostingException>(() => RabbitMqServer.Prepare(settings with { Password = "second" }, servers.Store, default));
        Assert.Contains("was made with another password", changed.Message);
    }

    [Fact]
    public async Task ServesFromAFolderWithALongNameAndSpaces()
    {
        var settings = servers.Settings($"rabbitmq {new string('x', 120)}");
        await using var running = await RunningServer.Start(await RabbitMqServer.Prepare(settings, servers.Store, default));
        await running.Stop();
    }

    [Fact]
    public async Task AServerOnPathIsTakenInstead()
    {
        var unpacked = await servers.Store.Unpack(PackageSet.RabbitMq, default);
        var path = servers.Scratch("path");
        // As Debian installs it: a link to a wrapper that changes user.
        File.CreateSymbolicLink(Path.Combine(path, "rabbitmq-server"), unpacked.At("usr/sbin/rabbitmq-server"));
        await File.WriteAllTextAsync(Path.Combine(path, "erl"), $"""
            #!/bin/sh
            export ROOTDIR='{unpacked.At("usr/lib/erlang")}' BINDIR="$(echo '{unpacked.At("usr/lib/erlang")}'/erts-*/bin)" EMU=beam PROGNAME=erl
            exec "$BINDIR/erlexec" "$@"
            """);
        File.SetUnixFileMode(Path.Combine(path, "erl"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var store = new ServerStore(servers.Scratch("empty"), servers.Say) { SearchPath = $"{path}:{Environment.GetEnvironmentVariable("PATH")}" };

        await using var running = await RunningServer.Start(await RabbitMqServer.Prepare(servers.Settings("rabbitmq-path"), store, default));

        Assert.Empty(Directory.GetFileSystemEntries(store.Folder));
    }

    // Answered once the queue has confirmed the message.
    private static async Task Publish(HttpClient http, string text)
    {
        var message = new { routing_key = "bookings", payload = text, payload_encoding = "string", properties = new { delivery_mode = 2 } };
        Assert.True((await Ask(http, HttpMethod.Post, "exchanges/%2f/amq.default/publish", message)).GetProperty("routed").GetBoolean());
    }

    private static async Task<JsonElement> Ask(HttpClient http, HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length > 0 ? JsonDocument.Parse(text).RootElement : default;
    }

    // Each has the data folder in its environment.
    private static List<string> ProcessesWith(string folder) =>
        [.. Directory.GetDirectories("/proc").Where(process => int.TryParse(Path.GetFileName(process), out _) && EnvironmentOf(process).Contains($"HOME={folder}"))];

    private static string[] EnvironmentOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ")).Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just ended, or is somebody else's: not ours in either case.
            return [];
        }
    }
}
