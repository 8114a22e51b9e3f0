using System.Data.Common;
using System.Reflection;
using System.Runtime.CompilerServices;
using FitFlow.Data.Encryption;
using FitFlow.Data.Idempotency;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace FitFlow.Data;

/// <summary>How a service gets its database.</summary>
public static class DataExtensions
{
    // Per process and user; the server allows 1000 in all.
    private const int ServicePool = 12, AcrossPool = 4;

    /// <summary>
    /// Registers <see cref="Db"/> over <c>ConnectionStrings:{database}</c> and <c>ConnectionStrings:{database}-across</c>, with a
    /// readiness check that the database has all of the calling project's <c>Migrations/*.sql</c>.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static IHostApplicationBuilder AddData(this IHostApplicationBuilder builder, string database) =>
        builder.AddData(database, Migration.Of(Assembly.GetCallingAssembly()));

    /// <summary>
    /// Registers <see cref="FieldEncryption"/> with the master keys <c>Encryption:MasterKeys:{version}</c> (base64, 32 bytes or more, the highest version
    /// is written under). The service does not start without.
    /// </summary>
    public static IHostApplicationBuilder AddFieldEncryption(this IHostApplicationBuilder builder)
    {
        builder.NeedsClock();
        builder.Services.AddSingleton(services => new KeyRing(services.GetRequiredService<IConfiguration>(), services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(services => new FieldEncryption(services.GetRequiredService<KeyRing>(), services.GetRequiredService<TimeProvider>()));
        return builder;
    }

    /// <summary>Registers what the migrate run does once the schema is up to date.</summary>
    public static IServiceCollection AddAfterMigration(this IServiceCollection services, Func<IServiceProvider, CancellationToken, Task> work) =>
        services.AddSingleton(new AfterMigration(work));

    /// <summary>
    /// Runs the service; or, when called as <c>migrate</c>, brings its database and bus topology up to date and ends. What is wrong with the
    /// configuration is one line on standard error and exit code 1.
    /// </summary>
    public static Task<int> RunOrMigrate(this WebApplication app, string[] args) =>
        args is ["migrate", ..] ? OneLine.Run(() => Migrate(app), Explain) : OneLine.Run(() => Serve(app));

    internal static IHostApplicationBuilder AddData(this IHostApplicationBuilder builder, string database, IReadOnlyList<Migration> migrations)
    {
        builder.NeedsClock();
        builder.Services.AddSingleton(services => new DatabaseSettings(services.GetRequiredService<IConfiguration>(), database));
        builder.Services.AddSingleton(services =>
        {
            var settings = services.GetRequiredService<DatabaseSettings>();
            return new Db(
                new Pool(settings.Service, ServicePool),
                settings.Across is { } across ? new Pool(across, AcrossPool) : null,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<Db>>());
        });
        builder.Services.AddSingleton(services =>
            new Migrator(services.GetRequiredService<DatabaseSettings>(), migrations, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(services => new SchemaReady(services.GetRequiredService<Db>(), migrations));
        builder.Services.AddSingleton<Claims>();
        builder.Services.AddSingleton<Idempotency.Idempotency>();
        builder.Services.AddHostedService<SweepAnswers>();
        builder.Services.AddHealthChecks().AddCheck<SchemaReady>("mysql", tags: [Health.Ready]);
        return builder;
    }

    /// <summary>The one of AddFitFlowDefaults keeps the time as the database does, to the microsecond; another one of ours would take its place.</summary>
    private static void NeedsClock(this IHostApplicationBuilder builder)
    {
        if (builder.Services.Any(registered => registered.ServiceType == typeof(TimeProvider))) return;
        throw new InvalidOperationException("AddFitFlowDefaults gives the clock: call it before AddData and AddFieldEncryption.");
    }

    private static async Task Migrate(WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        Console.WriteLine(await app.Services.GetRequiredService<Migrator>().Run(stopping));
        foreach (var after in app.Services.GetServices<AfterMigration>()) await after.Work(app.Services, stopping);
    }

    private static Task Serve(WebApplication app)
    {
        // What they lack is said before anything else starts.
        _ = app.Services.GetService<Db>();
        _ = app.Services.GetService<FieldEncryption>();
        return app.RunAsync();
    }

    /// <summary>The one line for what keeps the migration from being done; null for what is a bug and shows its stack.</summary>
    private static string? Explain(Exception e) => e switch
    {
        MigrationException => e.Message,
        DependencyDownException => $"{e.Message} {e.InnerException?.Message}",
        DbException => $"MySQL says: {e.Message}",
        BrokerUnreachableException => $"RabbitMQ does not answer: {e.InnerException?.Message ?? e.Message}",
        OperationInterruptedException => $"RabbitMQ says: {e.Message}",
        _ => null,
    };

    private sealed record AfterMigration(Func<IServiceProvider, CancellationToken, Task> Work);
}
