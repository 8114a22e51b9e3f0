using Xunit;

namespace FitFlow.Testing;

/// <summary>
/// The whole system, running. `./fitflow test` starts one for all test projects and says where it is in the environment, as the AppHost does
/// for a service; a test project that is run by itself starts its own.
/// </summary>
public sealed class RunningSystem : IAsyncLifetime
{
    /// <summary>Whose secret the tests know.</summary>
    public const string CallingService = "gateway";

    /// <summary>One that is not built yet, and that Identity answers: it has the same secret.</summary>
    public const string AdmittedService = "notifications";

    /// <summary>One whose parts tests run in their own process, as that service: it has the same secret.</summary>
    public const string PlayedService = "scheduling";

    internal const string ServiceSecret = "FITFLOW_TESTS_SERVICE_SECRET", EncryptionKeySetting = "FITFLOW_TESTS_ENCRYPTION_KEY";

    private SharedSystem? _own;
    private IReadOnlyDictionary<string, string>? _environment;

    public Uri Gateway => Service("gateway");

    /// <summary>The system that a test has for itself.</summary>
    public static RunningSystem Of(OwnSystem own) => Of(own.Environment);

    internal static RunningSystem Of(IReadOnlyDictionary<string, string> environment) => new() { _environment = environment };

    public Uri Service(string name) =>
        new(Setting($"services__{name}__http__0") ?? throw new InvalidOperationException($"There is no service {name} in the running system."));

    /// <summary>What a service shows to be given its token: its name, and its secret.</summary>
    public (string Name, string Secret) ServiceCredentials => (
        CallingService, Setting(ServiceSecret) ?? throw new InvalidOperationException("The tests have no service's secret: run them with ./fitflow test."));

    /// <summary>A service's database, as the server's administrator sees it.</summary>
    public TestDb Database(string name) =>
        new(Setting("ConnectionStrings__mysql") ?? throw new InvalidOperationException("There is no MySQL in the running system."), name);

    /// <summary>What the system's secrets at rest are encrypted with.</summary>
    internal string EncryptionKey => Setting(EncryptionKeySetting)
        ?? throw new InvalidOperationException("The tests do not know the system's encryption key: run them with ./fitflow test.");

    /// <summary>The mail catcher's own API.</summary>
    public Uri Mail => Service("mail");

    public Training Training => new(Service("training"));

    public HttpClient Anonymous() => new() { BaseAddress = Gateway };

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("services__gateway__http__0") is not null) return;

        _own = await SharedSystem.Start();
        foreach (var (name, value) in _own.Environment) Environment.SetEnvironmentVariable(name, value);
    }

    private string? Setting(string name) => _environment is { } own ? own.GetValueOrDefault(name) : Environment.GetEnvironmentVariable(name);

    public async ValueTask DisposeAsync()
    {
        if (_own is not null) await _own.DisposeAsync();
    }
}
