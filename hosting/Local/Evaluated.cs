using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace FitFlow.Hosting.Local;

/// <summary>What the callbacks of a resource come to.</summary>
internal static class Evaluated
{
    public static async Task<Dictionary<string, object>> Environment(IResource resource, DistributedApplicationExecutionContext execution, CancellationToken ct)
    {
        var context = new EnvironmentCallbackContext(execution, resource, cancellationToken: ct);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray()) await annotation.Callback(context);
        return context.EnvironmentVariables;
    }

    public static async Task<IList<object>> Args(IResource resource, DistributedApplicationExecutionContext execution, CancellationToken ct)
    {
        var context = new CommandLineArgsCallbackContext([], ct) { ExecutionContext = execution };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray()) await annotation.Callback(context);
        return context.Args;
    }

    public static async ValueTask<string> Text(object value, CancellationToken ct) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(ct) ?? "",
        IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(ct) ?? "",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
