/*
 * The static executable: QuickJS with the function's bytecode in it, and the few calls to the system that the function makes.
 *
 * What is not here cannot be done, whatever the manifests say: there is no call that starts a program, opens a socket, writes a
 * file or evaluates text as a program. host.ts describes each call.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quickjs.h"

/* What qjsc makes of the bundle. */
__asm__(".section .rodata\n"
        "function_bytecode: .incbin \"function.bin\"\n"
        "function_bytecode_end: .byte 0\n"
        ".previous\n");
extern const uint8_t function_bytecode[], function_bytecode_end[];

/* Bytes. The stack is an own thread's, so that neither a limit of the shell nor one of a container changes what can be read. */
#define STACK_SIZE ((size_t)64 << 20)
/* What the C code below the engine's own check may need. */
#define STACK_RESERVE ((size_t)1 << 20)
/* Bytes. More ends in an error of ours, and not in a kill by the system. */
#define MEMORY_LIMIT ((size_t)2 << 30)
/* Bytes. Most runs end before there is that much to look through for cycles. */
#define GC_THRESHOLD ((size_t)32 << 20)

static int word_count;
static char **words;

/* Names of the errors that a file can give: `errno` has another number on each system. */
static const struct { int number; const char *name; } error_names[] = {
  {EACCES, "EACCES"}, {EAGAIN, "EAGAIN"}, {EBADF, "EBADF"}, {EBUSY, "EBUSY"}, {EDQUOT, "EDQUOT"}, {EFBIG, "EFBIG"},
  {EINTR, "EINTR"}, {EINVAL, "EINVAL"}, {EIO, "EIO"}, {EISDIR, "EISDIR"}, {ELOOP, "ELOOP"}, {EMFILE, "EMFILE"},
  {ENAMETOOLONG, "ENAMETOOLONG"}, {ENFILE, "ENFILE"}, {ENODEV, "ENODEV"}, {ENOENT, "ENOENT"}, {ENOMEM, "ENOMEM"},
  {ENOSPC, "ENOSPC"}, {ENOTDIR, "ENOTDIR"}, {ENXIO, "ENXIO"}, {EOVERFLOW, "EOVERFLOW"}, {EPERM, "EPERM"},
  {EPIPE, "EPIPE"}, {EROFS, "EROFS"}, {ETIMEDOUT, "ETIMEDOUT"}, {ETXTBSY, "ETXTBSY"},
};

static JSValue system_error(JSContext *ctx, const char *call) {
  const char *name = "UNKNOWN";
  for (size_t i = 0; i < sizeof(error_names) / sizeof(error_names[0]); i++)
    if (error_names[i].number == errno) name = error_names[i].name;
  JSValue error = JS_NewError(ctx);
  JS_DefinePropertyValueStr(ctx, error, "message", JS_NewString(ctx, name), JS_PROP_C_W_E);
  JS_DefinePropertyValueStr(ctx, error, "code", JS_NewString(ctx, name), JS_PROP_C_W_E);
  JS_DefinePropertyValueStr(ctx, error, "syscall", JS_NewString(ctx, call), JS_PROP_C_W_E);
  return JS_Throw(ctx, error);
}

/* The bytes of a Uint8Array; NULL, with an exception, for anything else. */
static uint8_t *bytes_of(JSContext *ctx, JSValueConst array, size_t *length) {
  size_t offset, size, whole;
  JSValue buffer = JS_GetTypedArrayBuffer(ctx, array, &offset, length, &size);
  if (JS_IsException(buffer)) return NULL;
  uint8_t *bytes = JS_GetArrayBuffer(ctx, &whole, buffer);
  JS_FreeValue(ctx, buffer);
  return bytes ? bytes + offset : NULL;
}

static JSValue host_words(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
  JSValue list = JS_NewArray(ctx);
  for (int i = 1; i < word_count; i++)
    JS_SetPropertyUint32(ctx, list, i - 1, JS_NewString(ctx, words[i]));
  return list;
}

static JSValue host_environment(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
  const char *name = JS_ToCString(ctx, argv[0]);
  if (!name) return JS_EXCEPTION;
  const char *value = getenv(name);
  JS_FreeCString(ctx, name);
  return value ? JS_NewString(ctx, value) : JS_UNDEFINED;
}

static JSValue host_open(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
  size_t length;
  const char *path = JS_ToCStringLen(ctx, &length, argv[0]);
  if (!path) return JS_EXCEPTION;
  int waits = !JS_ToBool(ctx, argv[1]);
  int file = -1;
  if (strlen(path) != length) errno = ENOENT;
  else
    do file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | (waits ? 0 : O_NONBLOCK));
    while (file < 0 && errno == EINTR);
  JS_FreeCString(ctx, path);
  return file < 0 ? system_error(ctx, "open") : JS_NewInt32(ctx, file);
}

static JSValue host_close(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
  int32_t file;
  if (JS_ToInt32(ctx, &file, argv[0])) return JS_EXCEPTION;
  close(file);
  return JS_UNDEFINED;
}

static const char *kind_of(mode_t mode) {
  if (S_ISREG(mode)) return "file";
  if (S_ISDIR(mode)) return "folder";
  if (S_ISFIFO(mode)) return "fifo";
  if (S_ISSOCK(mode)) return "socket";
  return "device";
}

static JSValue host_status(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
  struct stat status;
  int32_t file;
  int failed;
  if (JS_IsNumber(argv[0])) {
    if (JS_ToInt32(ctx, &file, argv[0])) return JS_EXCEPTION;
    failed = fstat(file, &status);
  } else {
    size_t length;
    const char *path = JS_ToCStringLen(ctx, &length, argv[0]);
    if (!path) return JS_EXCEPTION;
    failed = strlen(path) != length;
    if (failed) errno = ENOENT;
    else failed = stat(path, &status);
    JS_FreeCString(ctx, path);
  }
  if (failed) return system_error(ctx, "stat");
  JSValue answer = JS_NewObject(ctx);
  JS_SetPropertyStr(ctx, answer, "kind", JS_NewString(ctx, kind_of(status.st_mode)));
  JS_SetPropertyStr(ctx, answer, "size", JS_NewInt64(ctx, status.st_size));
  return answer;
}

static JSValue host_is_terminal(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
  int32_t file;
  if (JS_ToInt32(ctx, &file, argv[0])) return JS_EXCEPTION;
  return JS_NewBool(ctx, isatty(file));
}

static void wait_for(int file, short events) {
  struct pollfd one = {file, events, 0};
  poll(&one, 1, -1);
}

static JSValue host_read(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
  int32_t file;
  size_t length;
  uint8_t *bytes;
  if (JS_ToInt32(ctx, &file, argv[0]) || !(bytes = bytes_of(ctx, argv[1], &length))) return JS_EXCEPTION;
  for (;;) {
    ssize_t count = read(file, bytes, length);
    if (count >= 0) return JS_NewInt64(ctx, count);
    if (errno == EAGAIN) wait_for(file, POLLIN);
    else if (errno != EINTR) return system_error(ctx, "read");
  }
}

static JSValue host_write(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
  int32_t file;
  size_t length;
  uint8_t *bytes;
  if (JS_ToInt32(ctx, &file, argv[0]) || !(bytes = bytes_of(ctx, argv[1], &length))) return JS_EXCEPTION;
  while (length > 0) {
    ssize_t count = write(file, bytes, length);
    if (count >= 0) {
      bytes += count;
      length -= count;
    } else if (errno == EAGAIN) wait_for(file, POLLOUT);
    else if (errno != EINTR) return system_error(ctx, "write");
  }
  return JS_UNDEFINED;
}

/*
 * The length of the character at the beginning of the bytes; negative, the bytes that it has at most, where it is none.
 * Source: the Unicode Standard, table 3-7, and its "maximal subparts", as the Encoding standard has them.
 */
static int utf8_length(const uint8_t *at, const uint8_t *end) {
  uint8_t lead = at[0], low = 0x80, high = 0xbf;
  int more = lead < 0x80 ? 0 : lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
  if (more < 0) return -1;
  if (lead == 0xe0) low = 0xa0;
  if (lead == 0xed) high = 0x9f;
  if (lead == 0xf0) low = 0x90;
  if (lead == 0xf4) high = 0x8f;
  for (int i = 1; i <= more; i++) {
    if (at + i >= end || at[i] < low || at[i] > high) return -i;
    low = 0x80;
    high = 0xbf;
  }
  return more + 1;
}

static const uint8_t *first_bad_byte(const uint8_t *at, const uint8_t *end) {
  while (at < end) {
    int length = *at < 0x80 ? 1 : utf8_length(at, end);
    if (length < 0) return at;
    at += length;
  }
  return NULL;
}

static JSValue host_is_utf8(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
  size_t length;
  const uint8_t *bytes = bytes_of(ctx, argv[0], &length);
  if (!bytes) return JS_EXCEPTION;
  return JS_NewBool(ctx, !first_bad_byte(bytes, bytes + length));
}

static JSValue host_decode(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
  size_t length;
  const uint8_t *bytes = bytes_of(ctx, argv[0], &length);
  if (!bytes) return JS_EXCEPTION;
  const uint8_t *end = bytes + length;
  if (!first_bad_byte(bytes, end)) return JS_NewStringLen(ctx, (const char *)bytes, length);
  /* U+FFFD has three bytes, and one byte may become it. */
  char *text = js_malloc(ctx, length * 3), *to = text;
  if (!text) return JS_EXCEPTION;
  for (const uint8_t *at = bytes; at < end;) {
    int size = utf8_length(at, end);
    memcpy(to, size < 0 ? "\xef\xbf\xbd" : (const char *)at, size < 0 ? 3 : size);
    to += size < 0 ? 3 : size;
    at += size < 0 ? -size : size;
  }
  JSValue answer = JS_NewStringLen(ctx, text, to - text);
  js_free(ctx, text);
  return answer;
}

static JSValue host_decode_latin1(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
  size_t length;
  const uint8_t *bytes = bytes_of(ctx, argv[0], &length);
  if (!bytes) return JS_EXCEPTION;
  char *text = js_malloc(ctx, length * 2 + 1), *to = text;
  if (!text) return JS_EXCEPTION;
  for (size_t i = 0; i < length; i++) {
    if (bytes[i] < 0x80) *to++ = bytes[i];
    else {
      *to++ = 0xc0 | bytes[i] >> 6;
      *to++ = 0x80 | (bytes[i] & 0x3f);
    }
  }
  JSValue answer = JS_NewStringLen(ctx, text, to - text);
  js_free(ctx, text);
  return answer;
}

static JSValue host_encode(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
  size_t length;
  const char *text = JS_ToCStringLen(ctx, &length, argv[0]);
  if (!text) return JS_EXCEPTION;
  JSValue answer = JS_NewArrayBufferCopy(ctx, (const uint8_t *)text, length);
  JS_FreeCString(ctx, text);
  if (JS_IsException(answer)) return answer;
  size_t size;
  uint8_t *bytes = JS_GetArrayBuffer(ctx, &size, answer);
  /* The engine writes half of a surrogate pair as three bytes, which are U+FFFD for everybody else. */
  for (uint8_t *at = bytes, *end = bytes + size; at && (at = (uint8_t *)first_bad_byte(at, end)); at += 3)
    memcpy(at, "\xef\xbf\xbd", 3);
  return answer;
}

static JSValue host_find(JSContext *ctx, JSValueConst this, int argc, JSValueConst *argv) {
  size_t length, wanted_length;
  int64_t from;
  const uint8_t *bytes = bytes_of(ctx, argv[0], &length);
  const uint8_t *wanted = bytes ? bytes_of(ctx, argv[1], &wanted_length) : NULL;
  if (!wanted || JS_ToInt64(ctx, &from, argv[2])) return JS_EXCEPTION;
  if (from < 0 || (size_t)from > length) return JS_NewInt32(ctx, -1);
  const uint8_t *found = memmem(bytes + from, length - from, wanted, wanted_length);
  return JS_NewInt64(ctx, found ? found - bytes : -1);
}

static const JSCFunctionListEntry calls[] = {
  JS_CFUNC_DEF("words", 0, host_words),
  JS_CFUNC_DEF("environment", 1, host_environment),
  JS_CFUNC_DEF("open", 2, host_open),
  JS_CFUNC_DEF("close", 1, host_close),
  JS_CFUNC_DEF("status", 1, host_status),
  JS_CFUNC_DEF("isTerminal", 1, host_is_terminal),
  JS_CFUNC_DEF("read", 2, host_read),
  JS_CFUNC_DEF("write", 2, host_write),
  JS_CFUNC_DEF("isUtf8", 1, host_is_utf8),
  JS_CFUNC_DEF("decode", 1, host_decode),
  JS_CFUNC_DEF("decodeLatin1", 1, host_decode_latin1),
  JS_CFUNC_DEF("encode", 1, host_encode),
  JS_CFUNC_DEF("find", 3, host_find),
};

static void stop(const char *text) {
  if (write(STDERR_FILENO, text, strlen(text)) < 0) _exit(1);
  _exit(1);
}

static void *run(void *unused) {
  JSRuntime *runtime = JS_NewRuntime();
  JSContext *ctx = runtime ? JS_NewContextRaw(runtime) : NULL;
  if (!ctx) stop("error: there is not enough memory to start\n");
  JS_SetMemoryLimit(runtime, MEMORY_LIMIT);
  JS_SetMaxStackSize(runtime, STACK_SIZE - STACK_RESERVE);
  JS_SetGCThreshold(runtime, GC_THRESHOLD);
  /* Without JS_AddIntrinsicEval: no text becomes a program. */
  JS_AddIntrinsicBaseObjects(ctx);
  JS_AddIntrinsicStringNormalize(ctx);
  JS_AddIntrinsicRegExp(ctx);
  JS_AddIntrinsicRegExpCompiler(ctx);
  JS_AddIntrinsicJSON(ctx);
  JS_AddIntrinsicProxy(ctx);
  JS_AddIntrinsicMapSet(ctx);
  JS_AddIntrinsicTypedArrays(ctx);
  JS_AddIntrinsicDate(ctx);
  JS_AddIntrinsicPromise(ctx);
  JS_AddIntrinsicWeakRef(ctx);
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue host = JS_NewObject(ctx);
  JS_SetPropertyFunctionList(ctx, host, calls, sizeof(calls) / sizeof(calls[0]));
  JS_SetPropertyStr(ctx, global, "host", host);
  JSValue function = JS_ReadObject(ctx, function_bytecode, function_bytecode_end - function_bytecode, JS_READ_OBJ_BYTECODE);
  JSValue result = JS_IsException(function) ? function : JS_EvalFunction(ctx, function);
  if (JS_IsException(result) || JS_PromiseState(ctx, result) != JS_PROMISE_FULFILLED)
    stop("error: a mistake of this program, or not enough memory; nothing was written\n");
  int32_t status = 1;
  JSValue answer = JS_GetPropertyStr(ctx, global, "exitStatus");
  JS_ToInt32(ctx, &status, answer);
  /* Everything is written, and the system takes the memory back faster than we could. */
  _exit(status);
}

int main(int count, char **arguments) {
  word_count = count;
  words = arguments;
  signal(SIGPIPE, SIG_IGN);
  /* A closed one would become the file that is opened next. */
  for (int file = 0; file <= 2; file++)
    if (fcntl(file, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0) _exit(1);
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK_SIZE);
  if (pthread_create(&thread, &attributes, run, NULL)) stop("error: there is not enough memory to start\n");
  pthread_join(thread, NULL);
  return 1;
}
