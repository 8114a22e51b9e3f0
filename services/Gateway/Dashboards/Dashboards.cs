using FitFlow.Gateway.Limits;
using FitFlow.Gateway.Routing;
using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Gateway.Dashboards;

internal static class Dashboards
{
    public static void AddDashboards(this WebApplicationBuilder builder)
    {
        foreach (var service in Routes.AllServices) builder.Services.AddServiceClient(service);
        builder.Services.AddSingleton<Parts>();
        builder.Services.AddSingleton(Calls(builder.Configuration));
    }

    public static void MapDashboards(this WebApplication app)
    {
        foreach (var root in new[] { "/api/v1", "/api" })
        {
            var dashboards = app.MapGroup($"{root}/dashboard").Allow(Everyone).WithMetadata(Counted.ByPerson);
            if (root == "/api") dashboards.ExcludeFromDescription();

            dashboards.MapGet("/client/{id}", ShowClient.Handle);
            dashboards.MapGet("/trainer/{id}", ShowTrainer.Handle);
        }
    }

    /// An attempt is given up before the page is, or a service that hangs would never open its breaker.
    private static CallOptions Calls(IConfiguration configuration)
    {
        var options = new CallOptions { Timeout = Parts.Patience * 0.6 };
        configuration.GetSection("Calls").Bind(options);
        return options;
    }
}
