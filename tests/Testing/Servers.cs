namespace FitFlow.Testing;

/// <summary>The real servers that tests run against.</summary>
public static class Servers
{
    public static string MySql => ConnectionString("mysql");

    public static string MariaDb => ConnectionString("mariadb");

    public static string Redis => ConnectionString("redis");

    public static string RabbitMq => ConnectionString("rabbitmq");

    private static string ConnectionString(string name) =>
        Environment.GetEnvironmentVariable($"ConnectionStrings__{name}")
        ?? throw new InvalidOperationException($"No {name} to test against: run the tests with ./fitflow test.");
}
