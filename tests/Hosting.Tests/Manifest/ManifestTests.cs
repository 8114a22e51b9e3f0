using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using FitFlow.Hosting.Local.Manifest;

namespace FitFlow.Hosting.Tests.Manifest;

/// <summary>Field by field what Aspire 13.5 writes.</summary>
public sealed class ManifestTests
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder(["--publisher", "manifest", "--output-path", "unused"]);

    [Fact]
    public async Task AMySqlServerAndItsDatabase()
    {
        _builder.AddMySql("mysql").AddDatabase("orders", "orders_of_all");

        await Is("mysql", """
            {"type":"container.v0","connectionString":"Server={mysql.bindings.tcp.host};Port={mysql.bindings.tcp.port};User ID=root;Password={mysql-password.value}",
             "image":"docker.io/library/mysql:9.7","env":{"MYSQL_ROOT_PASSWORD":"{mysql-password.value}"},
             "bindings":{"tcp":{"scheme":"tcp","protocol":"tcp","transport":"tcp","targetPort":3306}}}
            """);
        await Is("orders", """{"type":"value.v0","connectionString":"{mysql.connectionString};Database=orders_of_all"}""");
        await Is("mysql-password", """
            {"type":"parameter.v0","value":"{mysql-password.inputs.value}","inputs":{"value":{"type":"string","secret":true,"default":{"generate":{"minLength":22}}}}}
            """);
    }

    [Fact]
    public async Task ARedisServer()
    {
        _builder.AddRedis("redis").WithDataVolume("kept");

        await Is("redis", """
            {"type":"container.v0",
             "connectionString":"{redis.bindings.tcp.host}:{redis.bindings.tcp.port},password={redis-password.value}{cond-redis-bindings-tcp-tlsenabled-d148d83a.connectionString}",
             "image":"docker.io/library/redis:8.6","entrypoint":"/bin/sh","args":["-c","redis-server --requirepass $REDIS_PASSWORD --save 60 1"],
             "volumes":[{"name":"kept","target":"/data","readOnly":false}],
             "env":{"REDIS_PASSWORD":"{redis-password.value}"},
             "bindings":{"tcp":{"scheme":"redis","protocol":"tcp","transport":"tcp","targetPort":6379}}}
            """);
        await Is("redis-password", """
            {"type":"parameter.v0","value":"{redis-password.inputs.value}","inputs":{"value":{"type":"string","secret":true,"default":{"generate":{"minLength":22,"special":false}}}}}
            """);
        await Is("cond-redis-bindings-tcp-tlsenabled-d148d83a", """{"type":"value.v0","connectionString":""}""");
    }

    /// <summary>The names that Aspire's own tests expect.</summary>
    [Theory]
    [InlineData("redis", "cond-redis-bindings-tcp-tlsenabled-d148d83a")]
    [InlineData("rediscontainer", "cond-rediscontainer-bindings-tcp-tlsenabled-c16dc063")]
    public async Task AConditionalTextIsNamedAsAspireNamesIt(string name, string expected)
    {
        _builder.AddRedis(name);

        Assert.Contains(expected, (await Resources()).Select(r => r.Key));
    }

    [Theory]
    [InlineData("", 0x02CC5D05u)]
    [InlineData("a", 0x550D7456u)]
    [InlineData("abc", 0x32D153FFu)]
    [InlineData("Nobody inspects the spammish repetition", 0xE2293B2Fu)]
    public void TheHashIsXxHash32(string text, uint expected) =>
        Assert.Equal(expected, ConditionalName.XxHash32(System.Text.Encoding.ASCII.GetBytes(text)));

    [Fact]
    public async Task ARabbitMqServerWithItsPage()
    {
        _builder.AddRabbitMQ("rabbit").WithManagementPlugin();

        await Is("rabbit", """
            {"type":"container.v0","connectionString":"amqp://guest:{rabbit-password.value}@{rabbit.bindings.tcp.host}:{rabbit.bindings.tcp.port}",
             "image":"docker.io/library/rabbitmq:4.3-management",
             "env":{"RABBITMQ_DEFAULT_USER":"guest","RABBITMQ_DEFAULT_PASS":"{rabbit-password.value}"},
             "bindings":{"tcp":{"scheme":"tcp","protocol":"tcp","transport":"tcp","targetPort":5672},
                         "management":{"scheme":"http","protocol":"tcp","transport":"http","targetPort":15672}}}
            """);
    }

    [Fact]
    public async Task AContainer()
    {
        _builder.AddContainer("mail", "maildev/maildev", "2.2.1")
            .WithArgs("--verbose")
            .WithBindMount("templates", "/templates", isReadOnly: true)
            .WithVolume("mails", "/mails")
            .WithEnvironment("COLOUR", "red")
            .WithEndpoint(targetPort: 1025, scheme: "smtp")
            .WithHttpEndpoint(port: 8025, targetPort: 1080)
            .WithHttpEndpoint(port: 9000, name: "same")
            .WithExternalHttpEndpoints();

        await Is("mail", """
            {"type":"container.v0","image":"maildev/maildev:2.2.1","args":["--verbose"],
             "bindMounts":[{"source":"§templates§","target":"/templates","readOnly":true}],
             "volumes":[{"name":"mails","target":"/mails","readOnly":false}],
             "env":{"COLOUR":"red"},
             "bindings":{"smtp":{"scheme":"smtp","protocol":"tcp","transport":"tcp","targetPort":1025},
                         "http":{"scheme":"http","protocol":"tcp","transport":"http","port":8025,"targetPort":1080,"external":true},
                         "same":{"scheme":"http","protocol":"tcp","transport":"http","targetPort":9000,"external":true}}}
            """);
    }

    [Fact]
    public async Task AnExecutable()
    {
        var key = _builder.AddParameter("key", secret: true);
        _builder.AddExecutable("tool", "make", "tools", "all").WithArgs("--fast").WithEnvironment("KEY", key).WithHttpEndpoint(env: "PORT");

        await Is("tool", """
            {"type":"executable.v0","workingDirectory":"§tools§","command":"make","args":["all","--fast"],
             "env":{"KEY":"{key.value}","PORT":"{tool.bindings.http.targetPort}"},
             "bindings":{"http":{"scheme":"http","protocol":"tcp","transport":"http","targetPort":8000}}}
            """);
        await Is("key", """{"type":"parameter.v0","value":"{key.inputs.value}","inputs":{"value":{"type":"string","secret":true}}}""");
    }

    [Fact]
    public async Task AProjectWithAllThatItMayReferTo()
    {
        var mysql = _builder.AddMySql("mysql");
        var orders = mysql.AddDatabase("ordersdb");
        var redis = _builder.AddRedis("cache");
        var other = _builder.AddProject<Api>("other-one").WithHttpEndpoint();
        var worker = _builder.AddProject<Api>("worker");
        _builder.AddProject<Api>("api")
            .WithHttpEndpoint(port: 4000)
            .WithExternalHttpEndpoints()
            .WithReference(orders)
            .WithReference(redis, connectionName: "short")
            .WithReference(other)
            .WithEnvironment("WHERE", other.GetEndpoint("http"))
            .WithEnvironment("TEXT", $"at {other.GetEndpoint("http").Property(EndpointProperty.Host)} {{as said}}")
            .WaitFor(mysql).WaitFor(worker)
            .WithHttpHealthCheck("/health")
            .WithReplicas(3);

        await Is("worker", """{"type":"project.v0","path":"§Api.csproj§","env":{"OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY":"in_memory"}}""");
        await Is("api", """
            {"type":"project.v0","path":"§Api.csproj§",
             "env":{
               "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY":"in_memory","ASPNETCORE_FORWARDEDHEADERS_ENABLED":"true","HTTP_PORTS":"{api.bindings.http.targetPort}",
               "ConnectionStrings__ordersdb":"{ordersdb.connectionString}",
               "ORDERSDB_HOST":"{mysql.bindings.tcp.host}","ORDERSDB_PORT":"{mysql.bindings.tcp.port}","ORDERSDB_USERNAME":"root","ORDERSDB_PASSWORD":"{mysql-password.value}",
               "ORDERSDB_URI":"mysql://root:{mysql-password-uri-encoded.value}@{mysql.bindings.tcp.host}:{mysql.bindings.tcp.port}/ordersdb",
               "ORDERSDB_JDBCCONNECTIONSTRING":"jdbc:mysql://{mysql.bindings.tcp.host}:{mysql.bindings.tcp.port}/ordersdb","ORDERSDB_DATABASENAME":"ordersdb",
               "ConnectionStrings__short":"{cache.connectionString}",
               "SHORT_HOST":"{cache.bindings.tcp.host}","SHORT_PORT":"{cache.bindings.tcp.port}","SHORT_PASSWORD":"{cache-password.value}",
               "SHORT_URI":"{cache.bindings.tcp.scheme}://:{cache-password-uri-encoded.value}@{cache.bindings.tcp.host}:{cache.bindings.tcp.port}",
               "OTHER_ONE_HTTP":"{other-one.bindings.http.url}","services__other-one__http__0":"{other-one.bindings.http.url}",
               "WHERE":"{other-one.bindings.http.url}","TEXT":"at {other-one.bindings.http.host} {as said}"},
             "bindings":{"http":{"scheme":"http","protocol":"tcp","transport":"http","port":4000,"external":true}}}
            """);
        await Is("mysql-password-uri-encoded", """{"type":"annotated.string","value":"{mysql-password.value}","filter":"uri"}""");
        Assert.Equal(["mysql", "ordersdb", "cache", "other-one", "worker", "api", "mysql-password", "mysql-password-uri-encoded", "cache-password", "cache-password-uri-encoded"],
            (await Resources()).Select(r => r.Key).Where(name => !name.StartsWith("cond-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ALaunchProfileGivesAProjectItsEndpoints()
    {
        _builder.AddProject<ApiWithProfile>("api");

        await Is("api", """
            {"type":"project.v0","path":"§Api.csproj§",
             "env":{"OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY":"in_memory","ASPNETCORE_FORWARDEDHEADERS_ENABLED":"true","HTTP_PORTS":"{api.bindings.http.targetPort}"},
             "bindings":{"http":{"scheme":"http","protocol":"tcp","transport":"http"},"https":{"scheme":"https","protocol":"tcp","transport":"http"}}}
            """);
    }

    [Fact]
    public async Task AViteApplication()
    {
        var folder = Directory.CreateTempSubdirectory("fitflow-vite-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "package-lock.json"), "{}");
        _builder.AddViteApp("web", folder);

        var manifest = await Write(Path.Combine(folder, "manifest.json"));

        Same("""
            {"type":"container.v1","build":{"context":".","dockerfile":"web.Dockerfile","buildOnly":true},
             "env":{"NODE_ENV":"production","PORT":"{web.bindings.http.targetPort}"},
             "bindings":{"http":{"scheme":"http","protocol":"tcp","transport":"http","targetPort":8000}}}
            """, manifest["resources"]!["web"]!);
        Assert.Equal("FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY . .\nRUN npm run build\n",
            await File.ReadAllTextAsync(Path.Combine(folder, "web.Dockerfile")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task ParametersWithDefaults()
    {
        _builder.AddParameter("given", "blue", publishValueAsDefault: true);
        _builder.AddParameter("kept-to-ourselves", "blue");
        _builder.AddParameter("generated", new GenerateParameterDefault { MinLength = 16, Lower = false, Upper = false, Numeric = false, Special = false, MinLower = 1, MinUpper = 2, MinNumeric = 3, MinSpecial = 4 });
        _builder.AddConnectionString("elsewhere");
        _builder.AddConnectionString("made", ReferenceExpression.Create($"Host={_builder.AddParameter("host")};Port=1"));

        await Is("given", """{"type":"parameter.v0","value":"{given.inputs.value}","inputs":{"value":{"type":"string","default":{"value":"blue"}}}}""");
        await Is("kept-to-ourselves", """{"type":"parameter.v0","value":"{kept-to-ourselves.inputs.value}","inputs":{"value":{"type":"string"}}}""");
        await Is("generated", """
            {"type":"parameter.v0","value":"{generated.inputs.value}","inputs":{"value":{"type":"string","default":{"generate":
              {"minLength":16,"lower":false,"upper":false,"numeric":false,"special":false,"minLower":1,"minUpper":2,"minNumeric":3,"minSpecial":4}}}}}
            """);
        await Is("elsewhere", """{"type":"parameter.v0","connectionString":"{elsewhere.value}","value":"{elsewhere.inputs.value}","inputs":{"value":{"type":"string","secret":true}}}""");
        await Is("made", """{"type":"value.v0","connectionString":"Host={host.value};Port=1"}""");
    }

    [Fact]
    public async Task TheManifestOfFitFlowIsValid()
    {
        var schema = Path.GetFullPath(Path.Combine(Checkout.Root, "../shared/schemas/aspire-8.0.json"));
        var manifest = Path.Combine(Directory.CreateTempSubdirectory("fitflow-manifest-").FullName, "aspire-manifest.json");
        var run = await Command.Run(Programs.AppHost, "--publisher", "manifest", "--output-path", manifest);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));

        var resources = JsonNode.Parse(await File.ReadAllTextAsync(manifest))!["resources"]!.AsObject();

        Assert.Superset(new HashSet<string> { "mysql", "redis", "rabbitmq", "s3", "mail", "identity-migrate", "identity", "gateway" }, resources.Select(r => r.Key).ToHashSet());
        // The schema is not ours to copy: it is checked against where it lies.
        if (File.Exists(schema))
            Assert.Empty(new JsonSchema(JsonNode.Parse(await File.ReadAllTextAsync(schema))!).Errors(JsonNode.Parse(await File.ReadAllTextAsync(manifest))!));
        // No service holds what only its migrate run may hold.
        Assert.DoesNotContain("mysql-password", resources["identity"]!.ToJsonString());
        Assert.DoesNotContain("migrator", resources["identity"]!.ToJsonString());
        Directory.Delete(Path.GetDirectoryName(manifest)!, recursive: true);
    }

    /// <summary>§folder§ is a folder as the manifest sees it.</summary>
    private async Task Is(string resource, string expected) =>
        Same(string.Concat(expected.Split('§').Select((text, i) => i % 2 == 0 ? text : Relative(text))), (await Resources())[resource]!);

    /// <summary>In this order, too: whoever compares manifests compares text.</summary>
    private static void Same(string expected, JsonNode actual)
    {
        var indented = new JsonSerializerOptions { WriteIndented = true };
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(indented), actual.ToJsonString(indented));
    }

    private async Task<JsonObject> Resources() => (await Write(Path.Combine(_builder.AppHostDirectory, "out", "manifest.json")))["resources"]!.AsObject();

    private async Task<JsonNode> Write(string path) =>
        JsonNode.Parse(await ManifestPublisher.Write(new DistributedApplicationModel(_builder.Resources), _builder.ExecutionContext, path, CancellationToken.None))!;

    private string Relative(string path) => Path.GetRelativePath(Path.Combine(_builder.AppHostDirectory, "out"), Path.GetFullPath(path, _builder.AppHostDirectory));

    private class Api : IProjectMetadata
    {
        public string ProjectPath => Path.GetFullPath("Api.csproj");
    }

    private sealed class ApiWithProfile : Api, IProjectMetadata
    {
        public LaunchSettings LaunchSettings => new() { Profiles = { ["http"] = new LaunchProfile { CommandName = "Project", ApplicationUrl = "http://localhost:5001" } } };
    }
}
