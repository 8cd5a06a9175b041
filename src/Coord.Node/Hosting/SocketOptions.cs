using Coord.Node.Clients;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Coord.Node.Hosting;

/// <summary>
/// Makes options for Kestrel's sockets. Their memory is given to them as services only, so this poses as the builder
/// of a web host for as long as that takes.
/// </summary>
internal sealed class SocketOptions : IWebHostBuilder
{
    private readonly ServiceCollection services = [];

    private SocketOptions()
    {
    }

    public static IOptions<SocketTransportOptions> Of(BlockPool memory, Action<SocketTransportOptions> configure)
    {
        var builder = new SocketOptions();
        builder.services.AddSingleton<IMemoryPoolFactory<byte>>(memory);
        builder.UseSockets(configure);
        using var provider = builder.services.BuildServiceProvider();
        return Options.Create(provider.GetRequiredService<IOptions<SocketTransportOptions>>().Value);
    }

    public IWebHostBuilder ConfigureServices(Action<IServiceCollection> configureServices)
    {
        configureServices(services);
        return this;
    }

    public IWebHostBuilder ConfigureServices(Action<WebHostBuilderContext, IServiceCollection> configureServices)
    {
        configureServices(new WebHostBuilderContext(), services);
        return this;
    }

#pragma warning disable ASPDEPR008 // Nothing is built: the interface names it.
    public IWebHost Build() => throw NotAsked();
#pragma warning restore ASPDEPR008

    public IWebHostBuilder ConfigureAppConfiguration(
        Action<WebHostBuilderContext, IConfigurationBuilder> configureDelegate) => throw NotAsked();

    public string? GetSetting(string key) => throw NotAsked();

    public IWebHostBuilder UseSetting(string key, string? value) => throw NotAsked();

    private static InvalidOperationException NotAsked() => new("Sockets need services only.");
}
