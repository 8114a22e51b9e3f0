namespace FitFlow.Testing;

/// <summary>The checkout that the tests run in, whose sources and documents some of them read.</summary>
public static class Checkout
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FitFlow.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException("The tests run outside of a checkout.");
    }
}
