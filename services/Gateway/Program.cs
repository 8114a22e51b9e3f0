using FitFlow.Gateway;
using FitFlow.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddFitFlowDefaults("gateway");
builder.AddProxy();

var app = builder.Build();
app.MapFitFlowDefaults();
app.MapProxy();

return await app.RunOneLine();
