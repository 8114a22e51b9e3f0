using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using FitFlow.Hosting.Local;
using FitFlow.Hosting.Local.Running;
using FitFlow.Hosting.Local.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting
{
    /// <summary>Puts an application together.</summary>
    public interface IDistributedApplicationBuilder
    {
        /// <summary>The configuration of the AppHost.</summary>
        ConfigurationManager Configuration { get; }

        /// <summary>The folder of the AppHost's project.</summary>
        string AppHostDirectory { get; }

        /// <summary>The AppHost.</summary>
        Assembly? AppHostAssembly { get; }

        /// <summary>The environment of the AppHost.</summary>
        IHostEnvironment Environment { get; }

        /// <summary>The services of the AppHost.</summary>
        IServiceCollection Services { get; }

        /// <summary>Whether the application runs or is published.</summary>
        DistributedApplicationExecutionContext ExecutionContext { get; }

        /// <summary>What has been added.</summary>
        IResourceCollection Resources { get; }

        /// <summary>Adds a resource.</summary>
        IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;

        /// <summary>Goes on with a resource without adding it.</summary>
        IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource;

        /// <summary>The application.</summary>
        DistributedApplication Build();
    }

    /// <summary>What may be said beside the arguments.</summary>
    public sealed class DistributedApplicationOptions
    {
        /// <summary>The arguments.</summary>
        public string[]? Args { get; set; }

        /// <summary>The assembly of the AppHost.</summary>
        public string? AssemblyName { get; set; }

        /// <summary>The folder of the AppHost's project.</summary>
        public string? ProjectDirectory { get; set; }

        /// <summary>Whether there is no dashboard; there is none here in any case.</summary>
        public bool DisableDashboard { get; set; }
    }

    /// <summary>What the AppHost was started for.</summary>
    public enum DistributedApplicationOperation
    {
        /// <summary>To run.</summary>
        Run = 0,

        /// <summary>To write what a deployment needs.</summary>
        Publish = 1,
    }

    /// <summary>Whether the application runs or is published.</summary>
    public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
    {
        /// <summary>Which of the two.</summary>
        public DistributedApplicationOperation Operation { get; } = operation;

        /// <summary>Whether it is published.</summary>
        public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

        /// <summary>Whether it runs.</summary>
        public bool IsRunMode => Operation == DistributedApplicationOperation.Run;
    }

    /// <summary>Something is wrong with the application, said in one line.</summary>
    public class DistributedApplicationException : Exception
    {
        /// <summary>Without words.</summary>
        public DistributedApplicationException()
        {
        }

        /// <summary>What is wrong.</summary>
        public DistributedApplicationException(string message) : base(message)
        {
        }

        /// <summary>What is wrong, and why.</summary>
        public DistributedApplicationException(string message, Exception inner) : base(message, inner)
        {
        }
    }

    /// <summary>A parameter has no value.</summary>
    public class MissingParameterValueException : DistributedApplicationException
    {
        /// <summary>Which, and how to set it.</summary>
        public MissingParameterValueException(string message) : base(message)
        {
        }

        /// <summary>Which, how to set it, and why.</summary>
        public MissingParameterValueException(string message, Exception innerException) : base(message, innerException)
        {
        }
    }

    /// <summary>Puts an application together.</summary>
    public class DistributedApplicationBuilder : IDistributedApplicationBuilder
    {
        private readonly HostApplicationBuilder _host;
        private readonly ResourceCollection _resources = [];

        /// <summary>From the arguments of the AppHost.</summary>
        public DistributedApplicationBuilder(string[] args) : this(new DistributedApplicationOptions { Args = args })
        {
        }

        /// <summary>From options.</summary>
        public DistributedApplicationBuilder(DistributedApplicationOptions options) : this(options, Assembly.GetEntryAssembly(), home: null)
        {
        }

        internal DistributedApplicationBuilder(DistributedApplicationOptions options, Assembly? appHost, Home? home)
        {
            AppHostAssembly = options.AssemblyName is { } assembly ? Assembly.Load(assembly) : appHost;
            AppHostDirectory = options.ProjectDirectory ?? FromProject("apphostprojectpath") ?? Directory.GetCurrentDirectory();
            _host = new HostApplicationBuilder(new HostApplicationBuilderSettings
            {
                ContentRootPath = AppHostDirectory,
                ApplicationName = AppHostAssembly?.GetName().Name,
                // Whoever runs servers on his own machine develops, unless he says otherwise.
                EnvironmentName = Environment("DOTNET_ENVIRONMENT") ?? Environment("ASPNETCORE_ENVIRONMENT") ?? Environments.Development,
            });
            Configuration.AddCommandLine(options.Args ?? [], new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["--operation"] = "AppHost:Operation",
                ["--publisher"] = "Publishing:Publisher",
                ["--output-path"] = "Publishing:OutputPath",
            });

            var publishes = string.Equals(Configuration["AppHost:Operation"], "publish", StringComparison.OrdinalIgnoreCase) || Configuration["Publishing:Publisher"] is not null;
            ExecutionContext = new(publishes ? DistributedApplicationOperation.Publish : DistributedApplicationOperation.Run);
            Home = home ?? Home.Of(AppHostDirectory);
            Secrets = new SecretStore(Home.SecretsFile);

            // A published name must not depend on where the checkout lies.
            var projectName = FromProject("apphostprojectname") ?? _host.Environment.ApplicationName;
            Configuration["AppHost:Sha256"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
                publishes ? projectName : Path.Combine(AppHostDirectory, projectName))));

            _host.Logging.ClearProviders();
            Services.AddHttpClient();
            Services.AddSingleton<IResourceCollection>(_resources);
            Services.AddSingleton<DistributedApplicationModel>();
            Services.AddSingleton<ResourceNotificationService>();
            Services.AddSingleton(ExecutionContext);
            Services.AddSingleton(Home);
            Services.AddSingleton(Secrets);
            Services.AddSingleton<Runner>();
            if (ExecutionContext.IsRunMode) Services.AddHostedService(services => services.GetRequiredService<Runner>());
            Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        }

        /// <inheritdoc/>
        public Assembly? AppHostAssembly { get; }

        /// <inheritdoc/>
        public string AppHostDirectory { get; }

        /// <inheritdoc/>
        public ConfigurationManager Configuration => _host.Configuration;

        /// <inheritdoc/>
        public DistributedApplicationExecutionContext ExecutionContext { get; }

        /// <inheritdoc/>
        public IResourceCollection Resources => _resources;

        /// <inheritdoc/>
        public IServiceCollection Services => _host.Services;

        IHostEnvironment IDistributedApplicationBuilder.Environment => _host.Environment;

        internal Home Home { get; }

        internal SecretStore Secrets { get; }

        /// <inheritdoc/>
        public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
        {
            if (Resources.FirstOrDefault(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)) is { } other)
                throw new DistributedApplicationException($"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type '{other.GetType()}' with that name already exists. Resource names are case-insensitive.");
            Resources.Add(resource);
            return CreateResourceBuilder(resource);
        }

        /// <inheritdoc/>
        public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

        /// <inheritdoc/>
        public virtual DistributedApplication Build() => BuildWith(session: null, afterwards: null);

        internal DistributedApplication BuildWith(TestingSession? session, Action? afterwards) => new(_host.Build()) { Session = session, Afterwards = afterwards };

        private static string? Environment(string name) => System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

        private string? FromProject(string key) =>
            AppHostAssembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => string.Equals(a.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;

        private sealed class ResourceBuilder<T>(IDistributedApplicationBuilder builder, T resource) : IResourceBuilder<T> where T : IResource
        {
            public IDistributedApplicationBuilder ApplicationBuilder => builder;

            public T Resource => resource;

            public IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
                where TAnnotation : IResourceAnnotation
            {
                if (behavior == ResourceAnnotationMutationBehavior.Replace)
                    foreach (var former in resource.Annotations.OfType<TAnnotation>().ToArray()) resource.Annotations.Remove(former);
                resource.Annotations.Add(annotation);
                return this;
            }
        }
    }
}

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>Goes on with a resource.</summary>
    public interface IResourceBuilder<out T> where T : IResource
    {
        /// <summary>The application it belongs to.</summary>
        IDistributedApplicationBuilder ApplicationBuilder { get; }

        /// <summary>The resource.</summary>
        T Resource { get; }

        /// <summary>Says something new about it.</summary>
        IResourceBuilder<T> WithAnnotation<TAnnotation>() where TAnnotation : IResourceAnnotation, new() => WithAnnotation(new TAnnotation());

        /// <summary>Says something about it.</summary>
        IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
            where TAnnotation : IResourceAnnotation;
    }
}
