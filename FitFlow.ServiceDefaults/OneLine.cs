using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;

namespace FitFlow.ServiceDefaults;

/// <summary>What an operator can put right is one line on standard error and exit code 1; a bug shows its stack.</summary>
public static class OneLine
{
    /// <summary>Runs the service until it is stopped; the program's exit code.</summary>
    public static Task<int> RunOneLine(this WebApplication app) => Run(() => app.RunAsync());

    /// <summary>Does <paramref name="work"/>; <paramref name="explain"/> has a line for what it knows besides, or null.</summary>
    public static async Task<int> Run(Func<Task> work, Func<Exception, string?>? explain = null)
    {
        try
        {
            await work();
            return 0;
        }
        catch (Exception e) when ((Explain(e) ?? explain?.Invoke(e)) is { } line)
        {
            await Console.Error.WriteLineAsync(line.ReplaceLineEndings(" "));
            return 1;
        }
    }

    private static string? Explain(Exception e) => e switch
    {
        CannotStartException => e.Message,
        IOException { InnerException: AddressInUseException } => e.Message,
        _ => null,
    };
}
