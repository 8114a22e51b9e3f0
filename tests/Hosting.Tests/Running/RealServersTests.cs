using System.Data.Common;
using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using FitFlow.Hosting.Local.Processes;
using FitFlow.Hosting.Local.Servers;

namespace FitFlow.Hosting.Tests.Running;

/// <summary>The servers of FitFlow, run by the model.</summary>
public sealed class RealServersTests
{
    [Fact]
    public async Task ServersComeUpTogetherGetTheirDatabasesAndSurviveAKill()
    {
        await using var app = await LocalApplication.Start(builder =>
        {
            builder.AddMySql("mysql").AddDatabase("orders-db", "orders");
            builder.AddRedis("redis").WithDataVolume("any");
            builder.AddRabbitMQ("rabbitmq");
            builder.AddContainer("s3", "minio/minio", "RELEASE.2025-09-07T16-13-09Z").WithHttpEndpoint(targetPort: 9000)
                .WithEnvironment("MINIO_ROOT_USER", "someone").WithEnvironment("MINIO_ROOT_PASSWORD", "something")
                .WithHttpHealthCheck("/minio/health/live");
            builder.AddContainer("mail", "maildev/maildev", "2.2.1").WithEndpoint(targetPort: 1025, scheme: "smtp").WithHttpEndpoint(targetPort: 1080);
        });
        string[] all = ["orders-db", "redis", "rabbitmq", "s3", "mail"];
        await Task.WhenAll(all.Select(app.Healthy));

        Assert.Matches(@"^Server=127\.0\.0\.1;Port=\d+;User ID=root;Password=\S{22,};Database=orders$", await app.App.GetConnectionStringAsync("orders-db"));
        Assert.Matches(@"^127\.0\.0\.1:\d+,password=\S{22}$", await app.App.GetConnectionStringAsync("redis"));
        Assert.Matches(@"^amqp://guest:\S{22}@127\.0\.0\.1:\d+$", await app.App.GetConnectionStringAsync("rabbitmq"));
        Assert.True(Directory.GetDirectories(app.Home.DataOf("mysql"), "orders", SearchOption.AllDirectories).Length == 1);
        using var inbox = app.Client("mail");
        Assert.Equal("[]", await inbox.GetStringAsync("/email"));

        using var files = app.Client("s3");
        using var fromABrowser = new HttpRequestMessage(HttpMethod.Options, "/fitflow/photo.jpg") { Headers = { { "Origin", "http://localhost:4000" }, { "Access-Control-Request-Method", "PUT" } } };
        Assert.Equal(HttpStatusCode.OK, (await files.SendAsync(fromABrowser)).StatusCode);

        string[] killed = ["redis", "rabbitmq", "mysql"];
        foreach (var server in killed) Signal.Send(app.Pid(server), Signal.Kill);

        foreach (var server in killed)
            await Eventually.Holds(() => app.Written(server)["restarts"]!.GetValue<int>() == 1 && app.Written(server)["health"]?.GetValue<string>() == "Healthy", $"{server} serves again");
        // Nothing of it can be reached from another machine.
        Assert.All(Listening(app), address => Assert.True(IPAddress.IsLoopback(address), $"{address} is listened on"));
    }

    [Fact]
    public async Task TheImageChoosesTheEngineAndArgumentsReachIt()
    {
        await using var app = await LocalApplication.Start(builder =>
        {
            builder.AddMySql("mysql").WithArgs("--max-connections=77");
            builder.AddMySql("mariadb").WithImage("mariadb").WithArgs("--max-connections=77", "--log-bin-trust-function-creators=1");
        });
        await Task.WhenAll(app.Healthy("mysql"), app.Healthy("mariadb"));

        await Holds("mysql", "@@max_connections = 77");
        await Holds("mariadb", "@@max_connections = 77 AND @@version LIKE '%MariaDB%'");
        await Assert.ThrowsAsync<MySqlRefusal>(() => Holds("mariadb", "@@max_connections = 78"));

        async Task Holds(string server, string condition)
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = await app.App.GetConnectionStringAsync(server) };
            await using var conversation = await MySqlConversation.Begin(int.Parse((string)parts["Port"]), "root", (string)parts["Password"], CancellationToken.None);
            // Two rows where one may stand: the server refuses when it comes to that.
            await conversation.Execute($"SELECT IF({condition}, 1, (SELECT 1 UNION SELECT 2))", CancellationToken.None);
        }
    }

    /// <summary>The addresses that our processes listen on, by the kernel's list.</summary>
    private static IReadOnlyList<IPAddress> Listening(LocalApplication app)
    {
        var sessions = new[] { "mysql", "redis", "rabbitmq", "s3", "mail" }.Select(app.Pid).ToHashSet();
        var sockets = ProcFs.All().Where(p => sessions.Contains(p.Session)).SelectMany(p => Directory.EnumerateFiles($"/proc/{p.Pid}/fd"))
            .Select(fd => new FileInfo(fd).LinkTarget).OfType<string>().Where(t => t.StartsWith("socket:[", StringComparison.Ordinal)).Select(t => t[8..^1]).ToHashSet();
        return [.. File.ReadLines("/proc/net/tcp").Skip(1).Concat(File.ReadLines("/proc/net/tcp6").Skip(1))
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(f => f[3] == "0A" && sockets.Contains(f[9]))
            .Select(f => new IPAddress([.. Convert.FromHexString(f[1].Split(':')[0]).Chunk(4).SelectMany(word => word.Reverse())]))];
    }
}
