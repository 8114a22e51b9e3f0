namespace FitFlow.AppHost;

internal sealed record Servers(
    IResourceBuilder<MySqlServerResource> MySql,
    IResourceBuilder<RedisResource> Redis,
    IResourceBuilder<RabbitMQServerResource> RabbitMq,
    IResourceBuilder<ParameterResource> EncryptionKey);

internal static class Services
{
    /// <summary>
    /// A service and its database, say identity and identitydb. Three users share the database, each with the least rights: the service itself works as
    /// identitydb_service and, where it asks for it, as identitydb_across. Only its migrate run holds the migrator's password and the server's own, with which
    /// it makes the database (so no AddDatabase here: a deployment has nobody else who would) and the three users.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(this IDistributedApplicationBuilder builder, string name, Servers servers) where TProject : IProjectMetadata, new()
    {
        var database = $"{name}db";
        var service = User("service");
        var across = User("across");
        var migrator = User("migrator");

        var migrate = builder.AddProject<TProject>($"{name}-migrate", launchProfileName: null)
            .WithArgs("migrate")
            .WithReference(servers.MySql, connectionName: $"{database}-admin")
            .WithEnvironment($"ConnectionStrings__{database}-migrator", migrator)
            .WithEnvironment($"ConnectionStrings__{database}-across", across)
            .WithEnvironment($"ConnectionStrings__{database}", service)
            .WithReference(servers.RabbitMq)
            .WaitFor(servers.MySql)
            .WaitFor(servers.RabbitMq);

        return builder.AddProject<TProject>(name, launchProfileName: null)
            .WithHttpEndpoint()
            .WithHttpHealthCheck("/health/ready")
            .WithEnvironment("Encryption__MasterKeys__1", servers.EncryptionKey)
            .WithEnvironment($"ConnectionStrings__{database}-across", across)
            .WithEnvironment($"ConnectionStrings__{database}", service)
            .WithReference(servers.Redis)
            .WithReference(servers.RabbitMq)
            .WaitFor(servers.Redis)
            .WaitFor(servers.RabbitMq)
            .WaitForCompletion(migrate);

        ReferenceExpression User(string role)
        {
            var mysql = servers.MySql.Resource;
            var password = builder.AddPassword($"{database}-{role}-password");
            return ReferenceExpression.Create($"Server={mysql.Host};Port={mysql.Port};Database={database};User ID={database}_{role};Password={password}");
        }
    }

    /// <summary>Generated once and kept. Letters and digits only: a compose file escapes nothing in a connection string.</summary>
    public static IResourceBuilder<ParameterResource> AddPassword(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { Special = false }, secret: true, persist: true);

    /// <summary>Letters and digits are base64 too: 44 of them are 33 bytes.</summary>
    public static IResourceBuilder<ParameterResource> AddEncryptionKey(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 44, Special = false }, secret: true, persist: true);
}
