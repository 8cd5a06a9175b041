using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Coord.Client.Recipes;

/// <summary>What a contender znode says about who stands there; for people and tools, never for decisions.</summary>
internal static class ContenderRecord
{
    internal const int NoteMaxLength = 256;

    internal static ReadOnlyMemory<byte> Write(ICoordClient client, string? note)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("client", client.ClientName);
        json.WriteString("host", Environment.MachineName);
        json.WriteNumber("pid", Environment.ProcessId);
        json.WriteString("since", client.TimeProvider.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        if (note is not null)
            json.WriteString("note", note);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
