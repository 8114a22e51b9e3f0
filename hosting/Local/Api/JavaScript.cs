using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.JavaScript;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting
{
    /// <summary>Adding JavaScript applications.</summary>
    public static class JavaScriptHostingExtensions
    {
        /// <summary>Adds an application that a script of its package.json starts.</summary>
        public static IResourceBuilder<JavaScriptAppResource> AddJavaScriptApp(this IDistributedApplicationBuilder builder, string name, string appDirectory, string runScriptName = "dev") =>
            Add(builder, new JavaScriptAppResource(name, "npm", Path.GetFullPath(appDirectory, builder.AppHostDirectory)), runScriptName);

        /// <summary>Adds a Vite application: it listens for http on PORT.</summary>
        public static IResourceBuilder<ViteAppResource> AddViteApp(this IDistributedApplicationBuilder builder, string name, string appDirectory, string runScriptName = "dev")
        {
            var app = Add(builder, new ViteAppResource(name, "npm", Path.GetFullPath(appDirectory, builder.AppHostDirectory)), runScriptName).WithHttpEndpoint(env: "PORT");
            return builder.ExecutionContext.IsPublishMode ? app
                : app.WithArgs(context =>
                {
                    context.Args.Add("--");
                    context.Args.Add("--port");
                    context.Args.Add(app.GetEndpoint("http").Property(EndpointProperty.TargetPort));
                });
        }

        /// <summary>Uses npm, and lets it install the packages before the first start.</summary>
        public static IResourceBuilder<TResource> WithNpm<TResource>(this IResourceBuilder<TResource> resource, bool install = true, string? installCommand = null, string[]? installArgs = null) where TResource : JavaScriptAppResource
        {
            foreach (var former in resource.Resource.Annotations.OfType<NpmInstallAnnotation>().ToArray()) resource.Resource.Annotations.Remove(former);
            var command = installCommand ?? (File.Exists(Path.Combine(resource.Resource.WorkingDirectory, "package-lock.json")) ? "ci" : "install");
            return install ? resource.WithAnnotation(new NpmInstallAnnotation(command, installArgs ?? [])) : resource;
        }

        private static IResourceBuilder<T> Add<T>(IDistributedApplicationBuilder builder, T app, string runScriptName) where T : JavaScriptAppResource
        {
            var development = builder.ExecutionContext.IsRunMode && builder.Environment.IsDevelopment();
            var added = builder.AddResource(app).WithEnvironment("NODE_ENV", development ? "development" : "production");
            if (builder.ExecutionContext.IsRunMode) added.WithArgs("run", runScriptName);
            return added.WithNpm();
        }
    }
}

namespace Aspire.Hosting.JavaScript
{
    /// <summary>A JavaScript application.</summary>
    public class JavaScriptAppResource(string name, string command, string workingDirectory) : ExecutableResource(name, command, workingDirectory), IResourceWithServiceDiscovery;

    /// <summary>A Vite application.</summary>
    public class ViteAppResource(string name, string command, string workingDirectory) : JavaScriptAppResource(name, command, workingDirectory);
}
