using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace FitFlow.AppHost;

internal sealed record Servers(
    IResourceBuilder<MySqlServerResource> MySql,
    IResourceBuilder<RedisResource> Redis,
    IResourceBuilder<RabbitMQServerResource> RabbitMq,
    IResourceBuilder<ParameterResource> EncryptionKey)
{
    /// <summary>The services so far, each with its migrate run.</summary>
    public List<(IResourceBuilder<ProjectResource> Service, IResourceBuilder<ProjectResource> Migrate)> Used { get; } = [];
}

internal static class Services
{
    /// <summary>
    /// Where the gateway calls from. A service is in reach of nobody else there who should not be believed: it has no address outside, and what it does
    /// with a caller's address is to show it to the person whose session it is, and to slow down who guesses from there.
    /// </summary>
    private const string PrivateNetworks = "127.0.0.0/8, ::1, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7";

    /// <summary>
    /// A service and its database, say identity and identitydb. Three users share the database, each with the least rights: the service itself works as
    /// identitydb_service and, where it asks for it, as identitydb_across. Only its migrate run holds the migrator's password and the server's own, with which
    /// it makes the database (so no AddDatabase here: a deployment has nobody else who would) and the three users.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(this IDistributedApplicationBuilder builder, string name, Servers servers) where TProject : IProjectMetadata, new() =>
        builder.AddService<TProject>(name, servers, out _);

    /// <summary>The same, for a service whose <paramref name="migrate"/> run needs more than the database's users.</summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(
        this IDistributedApplicationBuilder builder, string name, Servers servers, out IResourceBuilder<ProjectResource> migrate) where TProject : IProjectMetadata, new()
    {
        var database = $"{name}db";
        var service = User("service");
        var across = User("across");
        var migrator = User("migrator");

        migrate = builder.AddProject<TProject>($"{name}-migrate", launchProfileName: null)
            .WithArgs("migrate")
            .WithReference(servers.MySql, connectionName: $"{database}-admin")
            .WithEnvironment($"ConnectionStrings__{database}-migrator", migrator)
            .WithEnvironment($"ConnectionStrings__{database}-across", across)
            .WithEnvironment($"ConnectionStrings__{database}", service)
            .WithReference(servers.RabbitMq)
            .WaitFor(servers.MySql)
            .WaitFor(servers.RabbitMq);

        var run = builder.AddProject<TProject>(name, launchProfileName: null)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health/ready")
            .WithEnvironment("KnownProxies", PrivateNetworks)
            .WithEnvironment("Encryption__MasterKeys__1", servers.EncryptionKey)
            .WithEnvironment($"ConnectionStrings__{database}-across", across)
            .WithEnvironment($"ConnectionStrings__{database}", service)
            .WithReference(servers.Redis)
            .WithReference(servers.RabbitMq)
            .WaitFor(servers.Redis)
            .WaitFor(servers.RabbitMq)
            .WaitForCompletion(migrate)
            .WithSettings();
        if (int.TryParse(builder.Configuration[$"Replicas:{name}"], out var replicas)) run.WithReplicas(replicas);

        // The migrate runs declare the queues: no service may publish before every other's are there, for a broker drops what no queue is bound for.
        foreach (var (other, itsMigrate) in servers.Used)
        {
            other.WaitForCompletion(migrate);
            run.WaitForCompletion(itsMigrate);
        }

        servers.Used.Add((run, migrate));
        return run;

        ReferenceExpression User(string role)
        {
            var mysql = servers.MySql.Resource;
            var password = builder.AddPassword($"{database}-{role}-password");
            return ReferenceExpression.Create($"Server={mysql.Host};Port={mysql.Port};Database={database};User ID={database}_{role};Password={password}");
        }
    }

    /// <summary>What runs here, unless the configuration says otherwise (<c>Parameters:name</c>); in a deployment always what that says.</summary>
    public static ReferenceExpression Setting(this IDistributedApplicationBuilder builder, string name, EndpointReference here) =>
        builder.ExecutionContext.IsRunMode && builder.Configuration[$"Parameters:{name}"] is null
            ? ReferenceExpression.Create($"{here}")
            : ReferenceExpression.Create($"{builder.AddParameter(name)}");

    /// <summary>Tells this checkout's cookies from those of others on this machine, since cookies ignore ports; in a deployment there are no others.</summary>
    public static string CookieSuffix(this IDistributedApplicationBuilder builder) => builder.ExecutionContext.IsRunMode
        ? $"-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(builder.AppHostDirectory)))[..6]}"
        : "";

    /// <summary>
    /// Gives the service a secret of its own, for which Identity gives it tokens to call others with. While a secret is changed Identity takes two:
    /// <c>ServiceTokens__Clients__{name}__1</c> is the other one.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithServiceToken(this IResourceBuilder<ProjectResource> service, IResourceBuilder<ProjectResource> identity)
    {
        var name = service.Resource.Name;
        var secret = service.ApplicationBuilder.AddPassword($"{name}-service-secret");
        identity.WithEnvironment($"ServiceTokens__Clients__{name}__0", secret);
        return service.WithReference(identity).WithEnvironment("ServiceTokens__Secret", secret);
    }

    /// <summary>What a test or a developer says about one service's configuration: <c>--Settings:gateway:RateLimits:SignedIn:Limit=5</c>.</summary>
    public static IResourceBuilder<ProjectResource> WithSettings(this IResourceBuilder<ProjectResource> service)
    {
        var settings = service.ApplicationBuilder.Configuration.GetSection($"Settings:{service.Resource.Name}");
        foreach (var (name, value) in settings.AsEnumerable(makePathsRelative: true))
        {
            if (value is not null) service.WithEnvironment(name.Replace(":", "__", StringComparison.Ordinal), value);
        }

        return service;
    }

    /// <summary>Generated once and kept. Letters and digits only: a compose file escapes nothing in a connection string.</summary>
    public static IResourceBuilder<ParameterResource> AddPassword(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { Special = false }, secret: true, persist: true);

    /// <summary>Letters and digits are base64 too: 44 of them are 33 bytes.</summary>
    public static IResourceBuilder<ParameterResource> AddEncryptionKey(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 44, Special = false }, secret: true, persist: true);
}
