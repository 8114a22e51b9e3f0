using FitFlow.Gateway.Dashboards;
using FitFlow.Gateway.Docs;
using FitFlow.Gateway.Edge;
using FitFlow.Gateway.Limits;
using FitFlow.Gateway.Routing;
using FitFlow.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddFitFlowDefaults("gateway");
builder.AddEdge();
builder.AddRateLimits();
builder.AddProxy();
builder.AddDashboards();
builder.AddDocs();

var app = builder.Build();
app.UseEdge();
app.MapFitFlowDefaults();
app.UseMiddleware<PlainRequests>();
app.UseMiddleware<RateLimits>();
app.MapProxy();
app.MapDashboards();
app.MapDocs();
app.MapUnknown();

return await app.RunOneLine();
