using System.Data.Common;
using System.Text.RegularExpressions;
using FitFlow.ServiceDefaults;
using Microsoft.Extensions.Configuration;

namespace FitFlow.Data;

/// <summary>The connection strings of one database. A service has the first two; only the migrate run has the others.</summary>
internal sealed partial class DatabaseSettings(IConfiguration configuration, string name)
{
    public string Name => name;

    public string Service => Required(name);

    public string? Across => Optional($"{name}-across");

    public string Migrator => Required($"{name}-migrator");

    public string Admin => Driver.WithoutDatabase(Required($"{name}-admin"));

    public string Database => Driver.Database(Service) is var database && DatabaseName().IsMatch(database)
        ? database
        : throw new CannotStartException($"ConnectionStrings:{name} names the database '{database}': lower-case letters and digits only (in GRANT, _ stands for any letter).");

    public IEnumerable<string> Users => Across is { } across ? [Service, across, Migrator] : [Service, Migrator];

    private string Required(string key) => Optional(key) ?? throw new CannotStartException($"ConnectionStrings:{key} is not set.");

    private string? Optional(string key)
    {
        var value = configuration.GetConnectionString(key);
        if (string.IsNullOrWhiteSpace(value)) return null;
        try
        {
            _ = Driver.Database(value);
            return value;
        }
        catch (Exception e) when (e is ArgumentException or DbException)
        {
            // The value holds a password: the message must not.
            throw new CannotStartException($"ConnectionStrings:{key} is no connection string of MySQL.", e);
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9]{0,50}$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex DatabaseName();
}
