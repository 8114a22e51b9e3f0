using FitFlow.Data;
using FitFlow.Scheduling.Features.Availability;
using FitFlow.Scheduling.Features.Bookings;
using FitFlow.Scheduling.Features.Calendars;
using FitFlow.Scheduling.Features.Classes;
using FitFlow.Scheduling.Features.Erasure;
using FitFlow.Scheduling.Features.Holds;
using FitFlow.Scheduling.Features.People;
using FitFlow.Scheduling.Features.Policies;
using FitFlow.Scheduling.Features.Programs;
using FitFlow.Scheduling.Features.Reminders;
using FitFlow.Scheduling.Features.Rooms;
using FitFlow.Scheduling.Features.Series;
using FitFlow.Scheduling.Features.SessionTypes;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddFitFlowDefaults("scheduling");
builder.AddData("schedulingdb");
builder.AddEvents(reactions => reactions
    .Add<KeepNewStudio>()
    .Add<KeepChangedStudio>()
    .Add<ForgetChangedMember>()
    .Add<ForgetCoachedClient>()
    .Add<ForgetChangedPerson>()
    .Add<ForgetDeactivatedPerson>()
    .Add<ForgetErasedPerson>()
    .Add<RevokeFeedOfDeactivated>()
    .Add<RevokeFeedOfErased>()
    .Add<EndErasedPerson>());
builder.AddStudios();
builder.AddPeople();
builder.AddPrograms();
builder.AddAvailability();
builder.Services.AddTransient<SessionTypeRules>();
builder.AddBookings();
builder.AddHolds();
builder.AddReminders();
builder.AddCalendars();
builder.AddClasses();

var app = builder.Build();
app.MapFitFlowDefaults();
var api = app.MapGroup("/api/v1");
api.MapPolicies();
api.MapRooms();
api.MapSessionTypes();
api.MapAvailability();
api.MapBookings();
api.MapHolds();
api.MapSeries();
api.MapCalendars();
api.MapClasses();

return await app.RunOrMigrate(args);
