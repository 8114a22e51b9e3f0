using System.Security.Cryptography;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace FitFlow.Testing;

/// <summary>An AppHost of its own: random ports, its own data, gone afterwards.</summary>
public sealed class OwnSystem : IAsyncDisposable
{
    private static readonly string[] Services = ["gateway", "identity", "scheduling"];
    private static readonly string[] ServersWithConnections = ["mysql", "redis", "rabbitmq"];

    /// <summary>What one test does to Training is not to keep Scheduling from asking it for the others.</summary>
    private static readonly (string Name, string Value) Unbroken = ("Settings:scheduling:Calls:BreakerCalls", "10000000");

    /// <summary>All of a test run comes from one address, and a person in a test may be in a hurry. The tests of the limits have gateways of their own.</summary>
    private static readonly (string Name, string Value)[] Unlimited = [("Settings:gateway:RateLimits:Anonymous:Limit", "10000000"), ("Settings:gateway:RateLimits:SignedIn:Limit", "10000000")];

    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly DistributedApplication _app;
    private readonly TrainingStub _training;

    private OwnSystem(DistributedApplication app, TrainingStub training) => (_app, _training) = (app, training);

    public IReadOnlyDictionary<string, string> Environment => _environment;

    public DistributedApplication App => _app;

    public static async Task<OwnSystem> Start(CancellationToken ct = default, params (string Name, string Value)[] settings)
    {
        // A secret that the tests know too, so that they can call as some services do.
        var secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var encryptionKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(33));
        var training = await TrainingStub.Start();
        var args = Unlimited.Append(Unbroken).Concat(settings)
            .Append((Name: "Settings:scheduling:services:training:http:0", Value: training.Address))
            .Append((Name: $"Parameters:{RunningSystem.CallingService}-service-secret", Value: secret))
            .Append((Name: $"Parameters:{RunningSystem.PlayedService}-service-secret", Value: secret))
            .Append((Name: "Parameters:encryption-key", Value: encryptionKey))
            .Append((Name: $"Settings:identity:ServiceTokens:Clients:{RunningSystem.AdmittedService}:0", Value: secret))
            .Select(setting => $"--{setting.Name}={setting.Value}").ToArray();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.FitFlow_AppHost>(args, ct);
        var system = new OwnSystem(await builder.BuildAsync(ct), training);
        try
        {
            await system._app.StartAsync(ct);
            foreach (var service in Services)
            {
                await system._app.ResourceNotifications.WaitForResourceHealthyAsync(service, ct);
                system._environment[$"services__{service}__http__0"] = system._app.GetEndpoint(service, "http").ToString().TrimEnd('/');
            }

            system._environment["services__training__http__0"] = training.Address;
            await system._app.ResourceNotifications.WaitForResourceHealthyAsync("mail", ct);
            system._environment["services__mail__http__0"] = system._app.GetEndpoint("mail", "http").ToString().TrimEnd('/');
            system._environment[RunningSystem.ServiceSecret] = secret;
            system._environment[RunningSystem.EncryptionKeySetting] = encryptionKey;
            foreach (var server in ServersWithConnections)
            {
                system._environment[$"ConnectionStrings__{server}"] = (await system._app.GetConnectionStringAsync(server, ct))!;
            }
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }

        return system;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _training.DisposeAsync();
    }
}
