using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Gives a resource the connection string of another, and its parts.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false) where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        return builder.WithEnvironment(context =>
        {
            context.EnvironmentVariables[resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}"] = new ConnectionStringReference(resource, optional);
            foreach (var (property, value) in resource.GetConnectionProperties())
                context.EnvironmentVariables[$"{VariableName(name)}_{property}".ToUpperInvariant()] = value;
        });
    }

    /// <summary>Lets a resource find another by its name.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source) where TDestination : IResourceWithEnvironment =>
        Discover(builder, source.Resource, source.Resource.Name, source.Resource.Name.ToUpperInvariant(), _ => true);

    /// <summary>Lets a resource find another by a name of its choice.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source, string name) where TDestination : IResourceWithEnvironment =>
        Discover(builder, source.Resource, name, name, _ => true);

    /// <summary>Lets a resource find one endpoint of another.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference) where TDestination : IResourceWithEnvironment =>
        Discover(builder, endpointReference.Resource, endpointReference.Resource.Name, endpointReference.Resource.Name.ToUpperInvariant(), e => string.Equals(e.EndpointName, endpointReference.EndpointName, StringComparison.OrdinalIgnoreCase));

    /// <summary>Lets a resource find something outside by a name.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, string name, Uri uri) where TDestination : IResourceWithEnvironment
    {
        if (!uri.IsAbsoluteUri) throw new InvalidOperationException("The uri for service reference must be absolute.");
        if (uri.AbsolutePath != "/") throw new InvalidOperationException("The uri absolute path must be \"/\".");
        return builder.WithEnvironment(context =>
        {
            context.EnvironmentVariables[$"{VariableName(name).ToUpperInvariant()}"] = uri.ToString();
            context.EnvironmentVariables[$"services__{name}__default__0"] = uri.ToString();
        });
    }

    /// <summary>Starts the resource when another is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) where T : IResourceWithWaitSupport
    {
        // What is part of another is there when the other is.
        if (dependency.Resource is IResourceWithParent { Parent: var parent }) builder.WithAnnotation(new WaitAnnotation(parent, WaitType.WaitUntilHealthy));
        return builder.WithAnnotation(new WaitAnnotation(dependency.Resource, WaitType.WaitUntilHealthy));
    }

    /// <summary>Starts the resource when another runs.</summary>
    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency) where T : IResourceWithWaitSupport =>
        builder.WithAnnotation(new WaitAnnotation(dependency.Resource, WaitType.WaitUntilStarted));

    /// <summary>Starts the resource when another has done its work.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0) where T : IResourceWithWaitSupport =>
        builder.WithAnnotation(new WaitAnnotation(dependency.Resource, WaitType.WaitForCompletion, exitCode));

    private static IResourceBuilder<TDestination> Discover<TDestination>(IResourceBuilder<TDestination> builder, IResourceWithEndpoints resource, string service, string variable, Func<EndpointReference, bool> wanted) where TDestination : IResourceWithEnvironment =>
        builder.WithEnvironment(context =>
        {
            foreach (var endpoint in resource.GetEndpoints().Where(e => wanted(e) && !e.ExcludeReferenceEndpoint))
            {
                context.EnvironmentVariables[$"{VariableName(variable)}_{VariableName(endpoint.EndpointName).ToUpperInvariant()}"] = endpoint;
                var scheme = endpoint.EndpointName is "http" or "https" ? endpoint.Scheme : endpoint.EndpointName;
                var index = 0;
                while (!context.EnvironmentVariables.TryAdd($"services__{service}__{scheme}__{index}", endpoint)) index++;
            }
        });

    private static string VariableName(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
