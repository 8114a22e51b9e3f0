using Aspire.Hosting;

namespace FitFlow.Hosting.Local;

/// <summary>Something that the person at the keyboard can put right.</summary>
internal sealed class LocalHostingException(string message, Exception? cause = null) : DistributedApplicationException(message, cause!);

internal static class OneLine
{
    /// <summary>What to say of an error that a person can put right; null for those that only a developer of this library can.</summary>
    public static string? Of(Exception e) => e switch
    {
        AggregateException { InnerExceptions: [var inner] } => Of(inner),
        DistributedApplicationException => Squeeze(e.Message),
        IOException or UnauthorizedAccessException => Squeeze(Reason(e)),
        _ => null,
    };

    public static string Reason(Exception e) => e switch
    {
        // The disk's own words say it best; .NET puts the path first.
        IOException when e.HResult == 28 || e.Message.Contains("No space left", StringComparison.OrdinalIgnoreCase) => $"the disk is full ({Squeeze(e.Message)})",
        UnauthorizedAccessException => $"no permission ({Squeeze(e.Message)})",
        _ => Squeeze(e.Message),
    };

    public static string Squeeze(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
