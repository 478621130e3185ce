#include "binding/instance_data.h"

namespace tracemill::binding {

void InstanceData::install(Napi::Env env) { env.SetInstanceData(new InstanceData()); }

InstanceData& InstanceData::of(Napi::Env env) { return *env.GetInstanceData<InstanceData>(); }

}  // namespace tracemill::binding
