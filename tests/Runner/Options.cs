namespace FitFlow.Testing.Runner;

/// <summary><c>test [--quick] [FILTER]</c>: a filter is a part of a test's full name, or a test project's name.</summary>
internal sealed record Options(bool Quick, string? Filter)
{
    public static Options Parse(string[] args)
    {
        var quick = args.Contains("--quick");
        var rest = args.Where(arg => arg != "--quick").ToArray();
        if (rest.Length > 1 || rest.Any(arg => arg.StartsWith('-')))
        {
            Console.Error.WriteLine("usage: ./fitflow test [--quick] [FILTER]");
            Environment.Exit(2);
        }

        return new(quick, rest.FirstOrDefault());
    }
}
