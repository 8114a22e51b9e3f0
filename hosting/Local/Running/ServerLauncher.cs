using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using FitFlow.Hosting.Local.Processes;
using FitFlow.Hosting.Local.Servers;

namespace FitFlow.Hosting.Local.Running;

/// <summary>What runs here in place of a container.</summary>
internal sealed class ServerLauncher(DistributedApplicationExecutionContext execution, Home home, PortBook ports, Action<string> say)
{
    private readonly ServerStore _store = new(home.Servers, say);

    public async Task<Launch> Prepare(ContainerResource container, Part part, CancellationToken ct)
    {
        return container switch
        {
            MySqlServerResource mysql => await MySqlServer.Prepare(await SettingsOf(mysql, ct), _store, ct),
            RedisResource redis => await RedisServer.Prepare(await SettingsOf(redis, ct), _store, ct),
            RabbitMQServerResource rabbit => await RabbitMqServer.Prepare(await SettingsOf(rabbit, ct), _store, ct),
            _ when StandIn(container) == S3 => await S3Server.Prepare(await SettingsOfS3(container, part, ct), _store, ct),
            _ when StandIn(container) == Mail => await MailServer.Prepare(SettingsOfMail(container, part), _store, ct),
            _ => throw new LocalHostingException($"nothing stands in here for the container image '{ImageOf(container)}'; known are S3 (minio) and mail (maildev)"),
        };
    }

    public async Task CreateDatabase(MySqlDatabaseResource database, CancellationToken ct) =>
        await MySqlServer.CreateDatabase(await SettingsOf(database.Parent, ct), database.DatabaseName, ct);

    private const string S3 = "s3", Mail = "mail";

    private static string? StandIn(ContainerResource container) => ImageOf(container) switch
    {
        var image when image.Contains("minio", StringComparison.Ordinal) || image.Contains("s3", StringComparison.Ordinal) => S3,
        var image when image.Contains("maildev", StringComparison.Ordinal) => Mail,
        _ => null,
    };

    private static string ImageOf(ContainerResource container) => container.Annotations.OfType<ContainerImageAnnotation>().Last().Image;

    private async Task<ServerSettings> SettingsOf(MySqlServerResource mysql, CancellationToken ct)
    {
        var arguments = new List<string>();
        foreach (var argument in await Evaluated.Args(mysql, execution, ct)) arguments.Add(await Evaluated.Text(argument, ct));
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        if (EngineOf(mysql) is { } engine) options["engine"] = engine;
        return Settings(mysql, mysql.PrimaryEndpoint.Port, "root", await mysql.PasswordParameter.GetValueAsync(ct) ?? "", options) with { Arguments = arguments };
    }

    /// <summary>The one that was asked for from outside, else what the image is.</summary>
    private static string? EngineOf(MySqlServerResource mysql) =>
        Environment.GetEnvironmentVariable("FITFLOW_MYSQL") is { Length: > 0 } asked ? asked
        : ImageOf(mysql).Contains("mariadb", StringComparison.Ordinal) ? "mariadb" : null;

    private async Task<ServerSettings> SettingsOf(RedisResource redis, CancellationToken ct)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        if (redis.TryGetLastAnnotation<RedisPersistenceAnnotation>(out var persistence))
            options["save"] = string.Create(CultureInfo.InvariantCulture, $"{(persistence.Interval ?? TimeSpan.FromSeconds(60)).TotalSeconds} {persistence.KeysChangedThreshold}");
        return Settings(redis, redis.PrimaryEndpoint.Port, "default", redis.PasswordParameter is null ? "" : await redis.PasswordParameter.GetValueAsync(ct) ?? "", options);
    }

    private async Task<ServerSettings> SettingsOf(RabbitMQServerResource rabbit, CancellationToken ct)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var management = new EndpointReference(rabbit, RabbitMQServerResource.ManagementEndpointName);
        if (management.Exists) (options["management"], options["management_port"]) = ("true", management.Port.ToString(CultureInfo.InvariantCulture));
        return Settings(rabbit, rabbit.PrimaryEndpoint.Port, await rabbit.UserNameReference.GetValueAsync(ct) ?? "guest", await rabbit.PasswordParameter.GetValueAsync(ct) ?? "", options);
    }

    /// <summary>The keys are those that the image is given.</summary>
    private async Task<ServerSettings> SettingsOfS3(ContainerResource container, Part part, CancellationToken ct)
    {
        var given = await Evaluated.Environment(container, execution, ct);
        var user = given.TryGetValue("MINIO_ROOT_USER", out var u) ? await Evaluated.Text(u, ct) : "S3RVER";
        var password = given.TryGetValue("MINIO_ROOT_PASSWORD", out var p) ? await Evaluated.Text(p, ct) : "S3RVER";
        // minio's image has no variable for it: the one bucket that FitFlow keeps its files in, with its rules for browsers.
        return Settings(container, FirstPort(container, part, _ => true), user, password, new(StringComparer.Ordinal) { ["buckets"] = "fitflow" });
    }

    private ServerSettings SettingsOfMail(ContainerResource container, Part part) =>
        Settings(container, FirstPort(container, part, e => e.UriScheme is not ("http" or "https")), "", "",
            new(StringComparer.Ordinal) { ["web_port"] = FirstPort(container, part, e => e.UriScheme is "http" or "https").ToString(CultureInfo.InvariantCulture) });

    private static int FirstPort(ContainerResource container, Part part, Func<EndpointAnnotation, bool> wanted) =>
        part.Ports.FirstOrDefault(p => wanted(p.Key)) is { Key: not null } found ? found.Value
        : throw new LocalHostingException($"{container.Name} lacks an endpoint that its stand-in listens on: S3 needs an http one, mail needs one for SMTP and an http one for its page");

    private ServerSettings Settings(ContainerResource container, int port, string user, string password, Dictionary<string, string> options) =>
        new(container.Name, home.DataOf(container.Name), port, user, password, ports.Any, options, say);
}
