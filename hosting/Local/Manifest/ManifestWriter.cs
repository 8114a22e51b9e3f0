using System.Globalization;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.JavaScript;

namespace FitFlow.Hosting.Local.Manifest;

/// <summary>Writes the model as Aspire does: each resource in its order, then what they refer to and was never added.</summary>
internal sealed class ManifestWriter(Utf8JsonWriter json, DistributedApplicationExecutionContext execution, string path, CancellationToken ct)
{
    private readonly Dictionary<string, IResource> _referenced = [];
    private readonly HashSet<object> _visiting = [];
    private readonly Dictionary<ParameterResource, SortedDictionary<string, string>> _formatted = [];
    private readonly Dictionary<string, ReferenceExpression> _conditionals = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly PublishedPorts _ports = new();

    public async Task WriteModel(DistributedApplicationModel model)
    {
        foreach (var resource in model.Resources) _names.Add(resource.Name);
        json.WriteStartObject();
        json.WriteStartObject("resources");
        foreach (var resource in model.Resources) await Write(resource);
        foreach (var resource in model.Resources) _referenced.Remove(resource.Name);
        foreach (var resource in _referenced.Values.ToArray()) await Write(resource);
        foreach (var parameter in _formatted.Keys.ToArray()) WriteFormatted(parameter);
        foreach (var (name, conditional) in _conditionals) WriteValue(name, await conditional.GetValueAsync(ct) ?? "");
        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(ct);
    }

    private async Task Write(IResource resource)
    {
        if (resource.TryGetLastAnnotation<ManifestExclusionAnnotation>(out _)) return;
        json.WriteStartObject(resource.Name);
        switch (resource)
        {
            case ContainerResource container: await WriteContainer(container); break;
            case ProjectResource project: await WriteProject(project); break;
            case JavaScriptAppResource app: await WriteJavaScript(app); break;
            case ExecutableResource executable: await WriteExecutable(executable); break;
            case ParameterResource parameter: WriteParameter(parameter); break;
            case IResourceWithConnectionString value:
                json.WriteString("type", "value.v0");
                WriteConnectionString(value);
                break;
            default: json.WriteString("error", "This resource does not support generation in the manifest."); break;
        }

        json.WriteEndObject();
        if (resource is ParameterResource written) WriteFormatted(written);
    }

    private async Task WriteContainer(ContainerResource container)
    {
        json.WriteString("type", "container.v0");
        WriteConnectionString(container);
        var image = container.Annotations.OfType<ContainerImageAnnotation>().Last();
        json.WriteString("image", $"{(image.Registry is null ? "" : $"{image.Registry}/")}{image.Image}:{image.Tag}");
        if (container.Entrypoint is not null) json.WriteString("entrypoint", container.Entrypoint);
        await WriteArgs(container);
        WriteMounts(container, "bindMounts", ContainerMountType.BindMount);
        WriteMounts(container, "volumes", ContainerMountType.Volume);
        await WriteEnvironment(container);
        WriteBindings(container);
    }

    private async Task WriteProject(ProjectResource project)
    {
        json.WriteString("type", "project.v0");
        json.WriteString("path", Relative(project.GetProjectMetadata().ProjectPath));
        await WriteArgs(project);
        await WriteEnvironment(project);
        WriteBindings(project);
    }

    private async Task WriteExecutable(ExecutableResource executable)
    {
        json.WriteString("type", "executable.v0");
        WriteConnectionString(executable);
        json.WriteString("workingDirectory", Relative(executable.WorkingDirectory));
        json.WriteString("command", executable.Command);
        await WriteArgs(executable);
        await WriteEnvironment(executable);
        WriteBindings(executable);
    }

    private async Task WriteJavaScript(JavaScriptAppResource app)
    {
        var dockerfile = JavaScriptDockerfile.Write(app, Path.GetDirectoryName(path)!);
        json.WriteString("type", "container.v1");
        json.WriteStartObject("build");
        json.WriteString("context", Relative(app.WorkingDirectory));
        json.WriteString("dockerfile", Relative(dockerfile));
        json.WriteBoolean("buildOnly", true);
        json.WriteEndObject();
        await WriteArgs(app);
        await WriteEnvironment(app);
        WriteBindings(app);
    }

    private void WriteParameter(ParameterResource parameter)
    {
        json.WriteString("type", "parameter.v0");
        if (parameter.IsConnectionString) json.WriteString("connectionString", $"{{{parameter.Name}.value}}");
        json.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        json.WriteStartObject("inputs");
        json.WriteStartObject("value");
        json.WriteString("type", "string");
        if (parameter.Secret) json.WriteBoolean("secret", true);
        if (parameter.Default is { } fallback)
        {
            json.WriteStartObject("default");
            fallback.Write(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteConnectionString(IResource resource)
    {
        if (resource is not IResourceWithConnectionString { ConnectionStringExpression: var expression }) return;
        NoteReferences(expression);
        json.WriteString("connectionString", Expression(expression));
    }

    private void WriteMounts(ContainerResource container, string field, ContainerMountType type)
    {
        var mounts = container.Annotations.OfType<ContainerMountAnnotation>().Where(m => m.Type == type).ToArray();
        if (mounts.Length == 0) return;
        json.WriteStartArray(field);
        foreach (var mount in mounts)
        {
            json.WriteStartObject();
            if (type == ContainerMountType.BindMount) json.WriteString("source", Relative(mount.Source!));
            else if (mount.Source is not null) json.WriteString("name", mount.Source);
            json.WriteString("target", mount.Target);
            json.WriteBoolean("readOnly", mount.IsReadOnly);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private async Task WriteArgs(IResource resource)
    {
        var args = await Evaluated.Args(resource, execution, ct);
        if (args.Count == 0) return;
        json.WriteStartArray("args");
        foreach (var arg in args)
        {
            json.WriteStringValue(Expression(arg));
            NoteReferences(arg);
        }

        json.WriteEndArray();
    }

    private async Task WriteEnvironment(IResource resource)
    {
        var variables = await Evaluated.Environment(resource, execution, ct);
        if (variables.Count == 0) return;
        json.WriteStartObject("env");
        foreach (var (name, value) in variables)
        {
            json.WriteString(name, Expression(value));
            NoteReferences(value);
        }

        json.WriteEndObject();
    }

    private void WriteBindings(IResource resource)
    {
        var bindings = _ports.Of(resource);
        if (bindings.Count == 0) return;
        json.WriteStartObject("bindings");
        foreach (var (endpoint, port, targetPort) in bindings)
        {
            json.WriteStartObject(endpoint.Name);
            json.WriteString("scheme", endpoint.UriScheme);
            json.WriteString("protocol", endpoint.Protocol.ToString().ToLowerInvariant());
            json.WriteString("transport", endpoint.Transport);
            if (port is { } exposed) json.WriteNumber("port", exposed);
            if (targetPort is { } target) json.WriteNumber("targetPort", target);
            if (endpoint.IsExternal) json.WriteBoolean("external", true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteFormatted(ParameterResource parameter)
    {
        if (!_formatted.Remove(parameter, out var formats)) return;
        foreach (var (format, name) in formats)
        {
            json.WriteStartObject(name);
            json.WriteString("type", "annotated.string");
            json.WriteString("value", parameter.ValueExpression);
            json.WriteString("filter", format);
            json.WriteEndObject();
        }
    }

    private void WriteValue(string name, string value)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "value.v0");
        json.WriteString("connectionString", value);
        json.WriteEndObject();
    }

    private string Expression(object value) => value switch
    {
        string text => text,
        ReferenceExpression { IsConditional: false } expression => string.Format(CultureInfo.InvariantCulture, expression.Format,
            [.. expression.ManifestExpressions.Select((inner, i) => FormattedName(expression, i) is { } name ? $"{{{name}.value}}" : inner)]),
        IManifestExpressionProvider provider => provider.ValueExpression,
        IResourceBuilder<IResource> { Resource: IManifestExpressionProvider provider } => provider.ValueExpression,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>A parameter that is written escaped becomes an entry of its own.</summary>
    private string? FormattedName(ReferenceExpression expression, int index)
    {
        if (expression.StringFormats[index] is not { } format) return null;
        var parameter = expression.ValueProviders[index] switch
        {
            ParameterResource direct => direct,
            ReferenceExpression { Format: "{0}", ValueProviders: [ParameterResource inner] } => inner,
            _ => null,
        };
        if (parameter is null) return null;
        if (!_formatted.TryGetValue(parameter, out var formats)) _formatted[parameter] = formats = new(StringComparer.Ordinal);
        if (formats.TryGetValue(format, out var known)) return known;
        var wanted = $"{parameter.Name}-{format}-encoded";
        var name = wanted;
        for (var suffix = 1; !_names.Add(name); suffix++) name = $"{wanted}-{suffix}";
        return formats[format] = name;
    }

    private void NoteReferences(object? value)
    {
        if (value is ReferenceExpression expression)
        {
            foreach (var conditional in expression.ValueProviders.Append(expression).OfType<ReferenceExpression>().Where(c => c.IsConditional))
                if (_conditionals.TryAdd(conditional.Name!, conditional)) _names.Add(conditional.Name!);
        }

        if (value is IResourceBuilder<IResource> builder) value = builder.Resource;
        if (value is IResource resource)
        {
            if (_referenced.TryAdd(resource.Name, resource)) _names.Add(resource.Name);
        }
        else if (value is IValueWithReferences with && _visiting.Add(value))
        {
            foreach (var inner in with.References) NoteReferences(inner);
            _visiting.Remove(value);
        }
    }

    private string Relative(string target) => Path.GetRelativePath(Path.GetDirectoryName(path)!, target).Replace('\\', '/');
}

/// <summary>The ports of a deployment: those that are said, and 8000 upwards for those that must be something.</summary>
internal sealed class PublishedPorts
{
    private int _next = 8000;

    public IReadOnlyList<(EndpointAnnotation Endpoint, int? Port, int? TargetPort)> Of(IResource resource)
    {
        var schemes = new HashSet<string>(StringComparer.Ordinal);
        return [.. resource.Annotations.OfType<EndpointAnnotation>().ToArray().Select(endpoint =>
        {
            int? target = endpoint switch
            {
                { TargetPort: { } said } => said,
                { Port: { } port } when resource is ContainerResource => port,
                // A project's first http and https ports are the deployment's to choose.
                { UriScheme: "http" or "https" } when resource is ProjectResource && schemes.Add(endpoint.UriScheme) => null,
                _ => _next++,
            };
            return (endpoint, endpoint.Port == target ? null : endpoint.Port, target);
        })];
    }
}

internal static class JavaScriptDockerfile
{
    /// <summary>Builds the application; what it has built is copied into the image that serves it.</summary>
    public static string Write(JavaScriptAppResource app, string directory)
    {
        var file = Path.Combine(directory, $"{app.Name}.Dockerfile");
        var install = app.TryGetLastAnnotation<NpmInstallAnnotation>(out var npm) ? string.Join(' ', ["npm", npm.Command, .. npm.Args]) : null;
        Directory.CreateDirectory(directory);
        File.WriteAllText(file, $"FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\n{(install is null ? "" : $"RUN --mount=type=cache,target=/root/.npm {install}\n")}COPY . .\nRUN npm run build\n");
        return file;
    }
}
