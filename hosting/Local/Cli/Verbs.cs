using Aspire.Hosting;

namespace FitFlow.Hosting.Local.Cli;

/// <summary>What the fitflow script asks of a run: each verb is one class, and an error is one line.</summary>
internal static class Verbs
{
    private const string Usage = """
        usage: up --detach APPHOST.dll [ARGS] | down | status [--json] | logs [NAME] [-f] | browser
          up --detach   starts the AppHost and returns when everything is healthy, or says the one reason why not
          down          stops it; ends what a killed AppHost has left behind
          status        what runs; the exit code is 3 when nothing does
          logs          what a resource has said; -f goes on until Ctrl-C
          browser       where the browser of the tests is, unpacked first if need be
        """;

    public static async Task<int> Run(string[] args)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        try
        {
            var home = Home.Of(AppContext.BaseDirectory);
            return args switch
            {
                ["up", "--detach", var appHost, .. var rest] => await Up.Detached(home, appHost, rest, stop.Token),
                ["down"] => await Down.Run(home, stop.Token),
                ["status"] => Status.Print(home, json: false),
                ["status", "--json"] => Status.Print(home, json: true),
                ["logs"] => Logs.List(home),
                ["logs", var name] => await Logs.Print(home, name, follow: false, stop.Token),
                ["logs", "-f", var name] => await Logs.Print(home, name, follow: true, stop.Token),
                ["logs", var name, "-f"] => await Logs.Print(home, name, follow: true, stop.Token),
                ["browser"] => await Browser.Print(home, stop.Token),
                _ => Misused(),
            };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception e) when (OneLine.Of(e) is { } line)
        {
            await Console.Error.WriteLineAsync($"fitflow: {line}");
            return 1;
        }
    }

    private static int Misused()
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }
}
