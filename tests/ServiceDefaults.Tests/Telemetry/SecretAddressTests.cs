using FitFlow.ServiceDefaults.Telemetry;

namespace FitFlow.ServiceDefaults.Tests.Telemetry;

public sealed class SecretAddressTests
{
    [Theory]
    [InlineData("/api/v1/calendar/feeds/x_-y.ics", "/api/v1/calendar/feeds/…")]
    [InlineData("http://127.0.0.1:5000/API/v1/Calendar/Feeds/x.ics?a=1", "http://127.0.0.1:5000/API/v1/Calendar/Feeds/…?a=1")]
    [InlineData("/api/v1/calendar/feeds/x.ics/more", "/api/v1/calendar/feeds/…/more")]
    [InlineData("/api/v1/bookings/1", "/api/v1/bookings/1")]
    [InlineData(null, null)]
    public void WhatOpensACalendarIsLeftOut(string? address, string? without) => Assert.Equal(without, SecretAddress.Without(address));
}
