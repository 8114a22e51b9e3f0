using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace FitFlow.Hosting.Tests.Api;

/// <summary>The same AppHost.cs must compile against Aspire: names, parameters, their order and their defaults are Aspire 13.5's.</summary>
public sealed class ApiShapeTests
{
    private const string Expected = """
        ConnectionStringBuilderExtensions.AddConnectionString(this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) -> IResourceBuilder<ConnectionStringResource>
        ContainerResourceBuilderExtensions.AddContainer(this IDistributedApplicationBuilder builder, string name, string image) -> IResourceBuilder<ContainerResource>
        ContainerResourceBuilderExtensions.AddContainer(this IDistributedApplicationBuilder builder, string name, string image, string tag) -> IResourceBuilder<ContainerResource>
        ContainerResourceBuilderExtensions.WithBindMount<T>(this IResourceBuilder<T> builder, string source, string target, bool isReadOnly = False) -> IResourceBuilder<T>
        ContainerResourceBuilderExtensions.WithEntrypoint<T>(this IResourceBuilder<T> builder, string entrypoint) -> IResourceBuilder<T>
        ContainerResourceBuilderExtensions.WithImage<T>(this IResourceBuilder<T> builder, string image, string tag = null) -> IResourceBuilder<T>
        ContainerResourceBuilderExtensions.WithImageRegistry<T>(this IResourceBuilder<T> builder, string registry) -> IResourceBuilder<T>
        ContainerResourceBuilderExtensions.WithImageTag<T>(this IResourceBuilder<T> builder, string tag) -> IResourceBuilder<T>
        ContainerResourceBuilderExtensions.WithLifetime<T>(this IResourceBuilder<T> builder, ContainerLifetime lifetime) -> IResourceBuilder<T>
        ContainerResourceBuilderExtensions.WithVolume<T>(this IResourceBuilder<T> builder, string name, string target, bool isReadOnly = False) -> IResourceBuilder<T>
        ContainerResourceBuilderExtensions.WithVolume<T>(this IResourceBuilder<T> builder, string target) -> IResourceBuilder<T>
        DistributedApplicationHostingTestingExtensions.CreateHttpClient(this DistributedApplication app, string resourceName, string endpointName = null) -> HttpClient
        DistributedApplicationHostingTestingExtensions.GetConnectionStringAsync(this DistributedApplication app, string resourceName, CancellationToken cancellationToken = null) -> ValueTask<String>
        DistributedApplicationHostingTestingExtensions.GetEndpoint(this DistributedApplication app, string resourceName, string endpointName = null) -> Uri
        ExecutableResourceBuilderExtensions.AddExecutable(this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params object[] args) -> IResourceBuilder<ExecutableResource>
        ExecutableResourceBuilderExtensions.AddExecutable(this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[] args) -> IResourceBuilder<ExecutableResource>
        JavaScriptHostingExtensions.AddJavaScriptApp(this IDistributedApplicationBuilder builder, string name, string appDirectory, string runScriptName = dev) -> IResourceBuilder<JavaScriptAppResource>
        JavaScriptHostingExtensions.AddViteApp(this IDistributedApplicationBuilder builder, string name, string appDirectory, string runScriptName = dev) -> IResourceBuilder<ViteAppResource>
        JavaScriptHostingExtensions.WithNpm<TResource>(this IResourceBuilder<TResource> resource, bool install = True, string installCommand = null, string[] installArgs = null) -> IResourceBuilder<TResource>
        MySqlBuilderExtensions.AddDatabase(this IResourceBuilder<MySqlServerResource> builder, string name, string databaseName = null) -> IResourceBuilder<MySqlDatabaseResource>
        MySqlBuilderExtensions.AddMySql(this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password = null, int? port = null) -> IResourceBuilder<MySqlServerResource>
        MySqlBuilderExtensions.WithDataVolume(this IResourceBuilder<MySqlServerResource> builder, string name = null, bool isReadOnly = False) -> IResourceBuilder<MySqlServerResource>
        ParameterResourceBuilderExtensions.AddConnectionString(this IDistributedApplicationBuilder builder, string name, string environmentVariableName = null) -> IResourceBuilder<IResourceWithConnectionString>
        ParameterResourceBuilderExtensions.AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = False) -> IResourceBuilder<ParameterResource>
        ParameterResourceBuilderExtensions.AddParameter(this IDistributedApplicationBuilder builder, string name, Func<String> valueGetter, bool publishValueAsDefault = False, bool secret = False) -> IResourceBuilder<ParameterResource>
        ParameterResourceBuilderExtensions.AddParameter(this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = False, bool persist = False) -> IResourceBuilder<ParameterResource>
        ParameterResourceBuilderExtensions.AddParameter(this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = False, bool secret = False) -> IResourceBuilder<ParameterResource>
        ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(IDistributedApplicationBuilder builder, string name, bool lower = True, bool upper = True, bool numeric = True, bool special = True, int minLower = 0, int minUpper = 0, int minNumeric = 0, int minSpecial = 0) -> ParameterResource
        ProjectResourceBuilderExtensions.AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath) -> IResourceBuilder<ProjectResource>
        ProjectResourceBuilderExtensions.AddProject<TProject>(this IDistributedApplicationBuilder builder, string name) -> IResourceBuilder<ProjectResource>
        ProjectResourceBuilderExtensions.AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure) -> IResourceBuilder<ProjectResource>
        ProjectResourceBuilderExtensions.AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string launchProfileName) -> IResourceBuilder<ProjectResource>
        ProjectResourceBuilderExtensions.WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) -> IResourceBuilder<ProjectResource>
        RabbitMQBuilderExtensions.AddRabbitMQ(this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> userName = null, IResourceBuilder<ParameterResource> password = null, int? port = null) -> IResourceBuilder<RabbitMQServerResource>
        RabbitMQBuilderExtensions.WithDataVolume(this IResourceBuilder<RabbitMQServerResource> builder, string name = null, bool isReadOnly = False) -> IResourceBuilder<RabbitMQServerResource>
        RabbitMQBuilderExtensions.WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder) -> IResourceBuilder<RabbitMQServerResource>
        RabbitMQBuilderExtensions.WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder, int? port) -> IResourceBuilder<RabbitMQServerResource>
        RedisBuilderExtensions.AddRedis(this IDistributedApplicationBuilder builder, string name, int? port) -> IResourceBuilder<RedisResource>
        RedisBuilderExtensions.AddRedis(this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource> password = null) -> IResourceBuilder<RedisResource>
        RedisBuilderExtensions.WithDataVolume(this IResourceBuilder<RedisResource> builder, string name = null, bool isReadOnly = False) -> IResourceBuilder<RedisResource>
        RedisBuilderExtensions.WithPersistence(this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1) -> IResourceBuilder<RedisResource>
        ResourceBuilderExtensions.ExcludeFromManifest<T>(this IResourceBuilder<T> builder) -> IResourceBuilder<T>
        ResourceBuilderExtensions.GetEndpoint<T>(this IResourceBuilder<T> builder, string name) -> EndpointReference
        ResourceBuilderExtensions.WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithArgs<T>(this IResourceBuilder<T> builder, Action<CommandLineArgsCallbackContext> callback) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithArgs<T>(this IResourceBuilder<T> builder, Func<CommandLineArgsCallbackContext, Task> callback) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithArgs<T>(this IResourceBuilder<T> builder, params object[] args) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithArgs<T>(this IResourceBuilder<T> builder, params string[] args) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithEndpoint<T>(this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string scheme = null, string name = null, string env = null, bool? isProxied = null, bool? isExternal = null, ProtocolType? protocol = null) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<EndpointAnnotation> callback, bool createIfNotExists = True) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T, TValue>(this IResourceBuilder<T> builder, string name, TValue value) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, Action<EnvironmentCallbackContext> callback) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, Func<EnvironmentCallbackContext, Task> callback) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, string envVarName, IResourceBuilder<IResourceWithConnectionString> resource) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, string name, Func<String> callback) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, string name, in ExpressionInterpolatedStringHandler value) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string value) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithHttpEndpoint<T>(this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string name = null, string env = null, bool? isProxied = null) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string path = null, int? statusCode = null, string endpointName = null) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithHttpsEndpoint<T>(this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string name = null, string env = null, bool? isProxied = null) -> IResourceBuilder<T>
        ResourceBuilderExtensions.WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference) -> IResourceBuilder<TDestination>
        ResourceBuilderExtensions.WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string connectionName = null, bool optional = False) -> IResourceBuilder<TDestination>
        ResourceBuilderExtensions.WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source) -> IResourceBuilder<TDestination>
        ResourceBuilderExtensions.WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source, string name) -> IResourceBuilder<TDestination>
        ResourceBuilderExtensions.WithReference<TDestination>(this IResourceBuilder<TDestination> builder, string name, Uri uri) -> IResourceBuilder<TDestination>
        ResourceBuilderExtensions.WithUrlForEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<ResourceUrlAnnotation> callback) -> IResourceBuilder<T>
        """;

    [Fact]
    public void EveryExtensionMethodHasAspiresSignature()
    {
        var found = typeof(DistributedApplication).Assembly.GetExportedTypes()
            .Where(t => t is { IsAbstract: true, IsSealed: true, Namespace: "Aspire.Hosting" or "Aspire.Hosting.Testing" } && t.Name.EndsWith("Extensions", StringComparison.Ordinal))
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(Shape).Order(StringComparer.Ordinal);

        Assert.Equal(Expected.Split('\n').Order(StringComparer.Ordinal), found);
    }

    [Theory]
    [InlineData(typeof(DistributedApplication), "Run,RunAsync,StartAsync,StopAsync,Dispose,DisposeAsync,CreateBuilder,get_Services,get_ResourceNotifications")]
    [InlineData(typeof(IDistributedApplicationBuilder), "get_Configuration,get_Environment,get_ExecutionContext,get_Resources,get_Services,get_AppHostDirectory,AddResource,Build")]
    [InlineData(typeof(DistributedApplicationExecutionContext), "get_IsRunMode,get_IsPublishMode")]
    [InlineData(typeof(DistributedApplicationTestingBuilder), "CreateAsync,Create")]
    [InlineData(typeof(IDistributedApplicationTestingBuilder), "BuildAsync")]
    [InlineData(typeof(ResourceNotificationService), "WaitForResourceAsync,WaitForResourceHealthyAsync,WatchAsync")]
    [InlineData(typeof(EndpointReference), "Property,get_Url,get_Host,get_Port,get_Scheme,get_TargetPort,get_IsAllocated,get_Exists")]
    public void TheTypesOfAnAppHostHaveTheirMembers(Type type, string members) =>
        Assert.Empty(members.Split(',').Except(type.GetMethods().Select(m => m.Name)));

    [Fact]
    public void AGeneratedParameterHasAspiresDefaults()
    {
        var generate = new GenerateParameterDefault();

        Assert.Equal((22, true, true, true, true, 0, 0, 0, 0),
            (generate.MinLength, generate.Lower, generate.Upper, generate.Numeric, generate.Special, generate.MinLower, generate.MinUpper, generate.MinNumeric, generate.MinSpecial));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("Orders-2", true)]
    [InlineData("2orders", false)]
    [InlineData("orders-", false)]
    [InlineData("or--ders", false)]
    [InlineData("or_ders", false)]
    [InlineData("örders", false)]
    [InlineData("", false)]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123", true)]
    [InlineData("a1234567890123456789012345678901234567890123456789012345678901234", false)]
    public void NamesAreWhatAspireTakes(string name, bool isValid)
    {
        var builder = DistributedApplication.CreateBuilder();

        if (isValid) Assert.Equal(name, builder.AddParameter(name).Resource.Name);
        else Assert.ThrowsAny<ArgumentException>(() => builder.AddParameter(name));
    }

    [Fact]
    public void ANameIsTakenOnce()
    {
        var builder = DistributedApplication.CreateBuilder();
        builder.AddRedis("cache");

        Assert.Throws<DistributedApplicationException>(() => builder.AddRabbitMQ("Cache"));
    }

    private static string Shape(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        var isExtension = method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute));
        var parameters = method.GetParameters().Select(p =>
            $"{(isExtension && p.Position == 0 ? "this " : "")}{(p.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")}{(p.IsIn ? "in " : "")}{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? $" = {p.DefaultValue ?? "null"}" : "")}");
        return $"{method.DeclaringType!.Name}.{method.Name}{generic}({string.Join(", ", parameters)}) -> {Name(method.ReturnType, keyword: false)}";
    }

    private static string Name(Type type, bool keyword = true)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return $"{Name(inner)}?";
        if (type.IsGenericType) return $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(a => Name(a, keyword: false)))}>";
        if (!keyword) return type.Name;
        return type.Name switch { "String" => "string", "Boolean" => "bool", "Int32" => "int", "Int64" => "long", "Object" => "object", var other => other };
    }
}
